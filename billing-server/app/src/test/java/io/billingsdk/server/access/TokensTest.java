package io.billingsdk.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.access.Tokens.Authentication.Known;
import io.billingsdk.server.access.Tokens.Authentication.Refused;
import io.billingsdk.server.access.Tokens.NewToken;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a real PostgreSQL. */
@Tag("postgres")
class TokensTest {
  private static final Actor ACTOR = new Actor("cli:test");
  private static final Duration HOUR = Duration.ofHours(1);

  private World world;
  private Database database;
  private Operators operators;
  private Tokens tokens;

  @BeforeEach
  void open() throws SQLException {
    world = Testbed.get().world();
    database = world.database();
    operators = new Operators(database, ACTOR);
    tokens = new Tokens(database);
    operators.create("ann");
    world.execute("INSERT INTO app (app_id, name) VALUES ('acme', 'Acme')");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void assertRefused(String token, String why) throws SQLException {
    assertThat(tokens.authenticate(token))
        .isInstanceOfSatisfying(Refused.class, no -> assertThat(no.why()).contains(why));
  }

  @Test
  void token_thatIsGood_isItsOperators() throws SQLException {
    NewToken made = tokens.create(ACTOR, "ann", Scope.READ, "acme", HOUR);
    assertThat(made.text()).matches("bt_t[A-Za-z0-9]{12}_[A-Za-z0-9]{33}_[0-9a-f]{8}");
    assertThat(made.toString()).doesNotContain(made.text());
    assertThat(tokens.authenticate(made.text()))
        .isEqualTo(new Known(new Principal("ann", made.tokenId(), Scope.READ, "acme")));
  }

  @Test
  void token_thatEndedInAnyWay_isRefused() throws SQLException {
    NewToken expired = tokens.create(ACTOR, "ann", Scope.WRITE, null, HOUR);
    world.execute("UPDATE access_token SET expires_at = now() - interval '1 second'");
    NewToken revoked = tokens.create(ACTOR, "ann", Scope.WRITE, null, HOUR);
    tokens.revoke(ACTOR, revoked.tokenId());
    operators.create("bob");
    NewToken disabled = tokens.create(ACTOR, "bob", Scope.WRITE, null, HOUR);
    operators.disable("bob");
    assertRefused(expired.text(), "expired");
    assertRefused(revoked.text(), "revoked");
    assertRefused(disabled.text(), "disabled");
    assertRefused(expired.text().substring(1), "malformed");
    assertRefused(NewToken.create(new java.security.SecureRandom()).text(), "not known");
  }

  @Test
  void token_inTheDatabase_isAHash() throws SQLException {
    NewToken made = tokens.create(ACTOR, "ann", Scope.WRITE, null, HOUR);
    String secret = made.text().split("_", -1)[2];
    assertThat(
            world.count(
                "SELECT count(*) FROM access_token t, audit_log a WHERE t::text LIKE '%"
                    + secret
                    + "%' OR a::text LIKE '%"
                    + secret
                    + "%'"))
        .isZero();
  }

  @Test
  void create_outOfBounds_isRefusedByName() {
    assertInvalid("scope", Scope.WRITE, "acme", HOUR);
    assertInvalid("lasts", Scope.READ, null, Duration.ZERO);
    assertInvalid("lasts", Scope.READ, null, Tokens.LONGEST.plusSeconds(1));
    assertThatThrownBy(() -> tokens.create(ACTOR, "eve", Scope.READ, null, HOUR))
        .hasMessage("there is no operator eve");
    assertThatThrownBy(() -> tokens.create(ACTOR, "ann", Scope.READ, "none", HOUR))
        .hasMessage("there is no app none");
    assertThatThrownBy(() -> operators.create("a b")).hasMessageContaining("operator must be");
  }

  private void assertInvalid(
      String field, Scope scope, @org.jspecify.annotations.Nullable String app, Duration lasts) {
    assertThatThrownBy(() -> tokens.create(ACTOR, "ann", scope, app, lasts))
        .isInstanceOfSatisfying(
            RequestRefusedException.class, no -> assertThat(no.field()).isEqualTo(field));
  }

  @Test
  void changes_areInTheAuditLog_withWhoMadeThem() throws SQLException {
    NewToken made = tokens.create(ACTOR, "ann", Scope.READ, null, HOUR);
    tokens.revoke(ACTOR, made.tokenId());
    operators.disable("ann");
    List<AuditLog.AuditEntry> entries = new AuditLog(database).before(Long.MAX_VALUE, 100);
    assertThat(entries)
        .extracting(AuditLog.AuditEntry::action)
        .containsExactly("operator.disable", "token.revoke", "token.create", "operator.create");
    assertThat(entries).allSatisfy(e -> assertThat(e.actor()).isEqualTo("cli:test"));
  }

  @Test
  void firstOperator_ofServersThatStartAtOnce_isMadeOnce() throws Exception {
    World empty = Testbed.get().world();
    ExecutorService servers = Executors.newFixedThreadPool(4);
    try (Database shared = empty.database()) {
      List<Future<Optional<NewToken>>> made =
          IntStream.range(0, 4)
              .mapToObj(
                  i -> servers.submit(() -> new Operators(shared, ACTOR).createFirst(token -> {})))
              .toList();
      int tokensMade = 0;
      for (Future<Optional<NewToken>> each : made) {
        tokensMade += each.get().isPresent() ? 1 : 0;
      }
      assertThat(tokensMade).isEqualTo(1);
      assertThat(empty.count("SELECT count(*) FROM operator")).isEqualTo(1);
    } finally {
      servers.shutdownNow();
    }
  }
}
