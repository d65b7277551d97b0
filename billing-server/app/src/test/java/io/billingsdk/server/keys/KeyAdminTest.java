package io.billingsdk.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.billingsdk.server.common.ServerException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.db.Secrets;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.KeyEntitlements.Quota;
import io.billingsdk.server.keys.KeyEntitlements.Rate;
import io.billingsdk.server.keys.StoredKey.KeyStatus;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On a real PostgreSQL. */
@Tag("postgres")
class KeyAdminTest {
  private static final Instant SOON = Instant.parse("2099-01-31T12:00:00Z");
  private static final KeyEntitlements TERMS =
      new KeyEntitlements(
          List.of("gpt-4*", "llama"),
          SOON.plus(Duration.ofDays(30)),
          new Rate(new BigDecimal("2.5"), 10),
          List.of(quota(1_000_000, 0, SOON.toEpochMilli(), /* overage= */ true)));

  private static Quota quota(long limit, long used, @Nullable Long resets, boolean overage) {
    return new Quota(
        "tokens", BigDecimal.valueOf(limit), BigDecimal.valueOf(used), resets, overage);
  }

  @TempDir Path directory;

  private World world;
  private Database database;
  private KeyAdmin admin;

  @BeforeEach
  void open() throws SQLException {
    world = Testbed.get().world();
    database = world.database();
    admin = new KeyAdmin(database, new KeyVault(new Secrets(directory)));
    admin.createApp("acme", "Acme");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private StoredKey key(String keyId) throws SQLException {
    return admin.keys().stream().filter(k -> k.keyId().equals(keyId)).findFirst().orElseThrow();
  }

  @Test
  void create_withTerms_areReadAsTheyWereGiven() throws SQLException {
    NewKey made = admin.create("acme", TERMS, /* legacy= */ false);
    assertThat(KeyEntitlements.of(key(made.keyId()))).isEqualTo(TERMS);
  }

  @Test
  void change_oneThing_leavesTheOthersAndRaisesTheVersionOnce() throws SQLException {
    NewKey made = admin.create("acme", TERMS, /* legacy= */ false);
    long before = key(made.keyId()).version();
    admin.change(made.keyId(), terms -> terms.withRate(new Rate(new BigDecimal("7"), 7)));
    assertThat(KeyEntitlements.of(key(made.keyId())))
        .isEqualTo(TERMS.withRate(new Rate(new BigDecimal("7"), 7)));
    assertThat(key(made.keyId()).version()).isEqualTo(before + 1);
    admin.change(made.keyId(), terms -> KeyEntitlements.UNLIMITED);
    assertThat(KeyEntitlements.of(key(made.keyId()))).isEqualTo(KeyEntitlements.UNLIMITED);
  }

  @Test
  void change_quotaOfTheSameMeter_keepsWhatWasUsed() throws SQLException {
    NewKey made = admin.create("acme", TERMS, /* legacy= */ false);
    admin.change(made.keyId(), t -> t.withQuotas(List.of(quota(5, 3, null, true))));
    assertThat(key(made.keyId()).quotas()).extracting(Quota::used).containsExactly(BigDecimal.ZERO);
    world.execute("UPDATE api_key SET quotas = jsonb_set(quotas, '{0,used}', '42')");
    admin.change(made.keyId(), t -> t.withQuotas(List.of(quota(9, 0, null, true))));
    assertThat(key(made.keyId()).quotas()).containsExactly(quota(9, 42, null, /* overage= */ true));
  }

  @Test
  void create_withExactNumbers_areReadDigitByDigit() throws SQLException {
    BigDecimal limit = new BigDecimal("9007199254740991.000000000000000001");
    KeyEntitlements exact =
        KeyEntitlements.UNLIMITED
            .withRate(new Rate(new BigDecimal("0.333333333333333333"), 1))
            .withQuotas(List.of(Quota.unused("tokens", limit, null, /* overage= */ false)));
    NewKey made = admin.create("acme", exact, /* legacy= */ false);
    assertThat(KeyEntitlements.of(key(made.keyId()))).isEqualTo(exact);
    assertThat(
            world.count(
                "SELECT count(*) FROM api_key WHERE rate_per_second = 0.333333333333333333"
                    + " AND (quotas->0->>'limit')::numeric = "
                    + limit))
        .isOne();
  }

  /** As servers wrote them that kept doubles; {@code 1.0E12} is how Java writes one. */
  @Test
  void quotas_ofAnEarlierServer_areRead() throws SQLException {
    NewKey made = admin.create("acme", TERMS, /* legacy= */ false);
    world.execute(
        """
        UPDATE api_key SET quotas = '[
          {"meter":"tokens","limit":1.0E12,"used":0.0,"overage":true,"resets_at":4073716800000},
          {"meter":"audio","limit":0.1,"used":12.5,"overage":false},
          {"meter":"wide","limit":1.7976931348623157E308,"used":0.0,"overage":false}]'
        """);
    assertThat(key(made.keyId()).quotas())
        .extracting(Quota::meter, Quota::limit, Quota::used, Quota::resetsAtMillis)
        .containsExactly(
            tuple("tokens", new BigDecimal("1000000000000"), BigDecimal.ZERO, 4073716800000L),
            tuple("audio", new BigDecimal("0.1"), new BigDecimal("12.5"), null),
            tuple(
                "wide",
                new BigDecimal("1.7976931348623157E308").setScale(0),
                BigDecimal.ZERO,
                null));
    admin.change(made.keyId(), terms -> terms.withModels(List.of("gpt-4")));
    assertThat(key(made.keyId()).quotas()).hasSize(3);
  }

  @Test
  void change_notPossible_changesNothing() throws SQLException {
    NewKey made = admin.create("acme", TERMS, /* legacy= */ false);
    long version = world.count("SELECT version FROM key_table");
    assertThatThrownBy(
            () -> admin.change(made.keyId(), t -> t.withRate(new Rate(new BigDecimal("0"), 1))))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("rate");
    assertThatThrownBy(() -> admin.change("k_none", t -> t))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("k_none");
    assertThat(world.count("SELECT version FROM key_table")).isEqualTo(version);
    assertThat(KeyEntitlements.of(key(made.keyId()))).isEqualTo(TERMS);
  }

  @Test
  void create_noSuchApp_isRefusedAndTakesNoVersion() {
    assertThatThrownBy(() -> admin.create("nobody", TERMS, /* legacy= */ false))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("nobody");
  }

  @Test
  void importKey_twice_isRefusedInWords() throws SQLException {
    admin.importKey("k_1", "sk-old", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    assertThatThrownBy(
            () ->
                admin.importKey(
                    "k_2", "sk-old", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("already");
  }

  @Test
  void rotate_key_successorHasItsTermsAndTheOldOneEnds() throws SQLException {
    NewKey old = admin.create("acme", TERMS, /* legacy= */ true);
    NewKey made = admin.rotate(old.keyId(), SOON);

    StoredKey successor = key(made.keyId());
    assertThat(successor.appId()).isEqualTo("acme");
    assertThat(successor.status()).isEqualTo(KeyStatus.OK);
    assertThat(successor.keySha256()).isEqualTo(made.sha256());
    assertThat(KeyEntitlements.of(successor)).isEqualTo(TERMS);
    assertThat(KeyEntitlements.of(key(old.keyId()))).isEqualTo(TERMS.withExpires(SOON));
    assertThat(admin.successors()).containsExactly(Map.entry(old.keyId(), made.keyId()));
    assertThat(world.count("SELECT count(*) FROM api_key WHERE legacy_key IS NOT NULL"))
        .as("the feed of protocol v1 carries the successor too")
        .isEqualTo(2);
  }

  @Test
  void rotate_keyThatEndsSooner_isNotGivenMoreTime() throws SQLException {
    NewKey old = admin.create("acme", TERMS.withExpires(SOON), /* legacy= */ false);
    var unused = admin.rotate(old.keyId(), SOON.plus(Duration.ofDays(1)));
    assertThat(KeyEntitlements.of(key(old.keyId())).expires()).isEqualTo(SOON);
  }

  @Test
  void rotate_blockedOrRemoved_isRefused() throws SQLException {
    NewKey blocked = admin.create("acme", TERMS, /* legacy= */ false);
    admin.block(blocked.keyId(), "unpaid");
    NewKey removed = admin.create("acme", TERMS, /* legacy= */ false);
    admin.remove(removed.keyId());
    for (NewKey each : List.of(blocked, removed)) {
      assertThatThrownBy(() -> admin.rotate(each.keyId(), SOON))
          .isInstanceOf(ServerException.class)
          .hasMessageContaining(each.keyId());
    }
    assertThat(admin.keys()).hasSize(2);
  }

  /** The connection dies, or the database refuses, at each of the two steps. */
  @ParameterizedTest
  @CsvSource({
    "BEFORE UPDATE, PERFORM pg_terminate_backend(pg_backend_pid())",
    "AFTER UPDATE, RAISE EXCEPTION 'planned'",
    "BEFORE INSERT, PERFORM pg_terminate_backend(pg_backend_pid())",
    "AFTER INSERT, RAISE EXCEPTION 'planned'"
  })
  void rotate_crashBetween_leavesNothingHalfDone(String step, String crash) throws SQLException {
    NewKey old = admin.create("acme", TERMS, /* legacy= */ false);
    List<StoredKey> keys = admin.keys();
    long version = world.count("SELECT version FROM key_table");
    long changes = world.count("SELECT count(*) FROM key_change");
    // As its owner: the role of the server may end no backend.
    world.execute(
        "CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$"
            + " BEGIN "
            + crash
            + "; RETURN NEW; END $$");
    world.execute(
        "CREATE TRIGGER crash " + step + " ON api_key FOR EACH ROW EXECUTE FUNCTION crash()");

    assertThatThrownBy(() -> admin.rotate(old.keyId(), SOON)).isInstanceOf(DatabaseException.class);

    world.execute("DROP TRIGGER crash ON api_key");
    assertThat(admin.keys()).isEqualTo(keys);
    assertThat(world.count("SELECT version FROM key_table")).isEqualTo(version);
    assertThat(world.count("SELECT count(*) FROM key_change")).isEqualTo(changes);
    var unused = admin.rotate(old.keyId(), SOON);
    assertThat(admin.keys()).hasSize(2);
  }

  @Test
  void changes_manyAtOnce_haveVersionsWithoutGapsOrRepeats() throws Exception {
    NewKey shared = admin.create("acme", TERMS, /* legacy= */ false);
    Set<String> made = ConcurrentHashMap.newKeySet();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> running =
          IntStream.range(0, 20)
              .<Future<?>>mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            made.add(admin.rotate(shared.keyId(), SOON).keyId());
                            return true;
                          }))
              .toList();
      for (Future<?> each : running) {
        var unused = each.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(made).hasSize(20);
    assertThat(world.count("SELECT max(version) FROM key_change"))
        .isEqualTo(world.count("SELECT count(*) FROM key_change"))
        .isEqualTo(world.count("SELECT version FROM key_table"))
        .isEqualTo(1 + 20 * 2);
    assertThat(admin.keys().stream().map(StoredKey::version).collect(Collectors.toSet()))
        .hasSize(21);
  }
}
