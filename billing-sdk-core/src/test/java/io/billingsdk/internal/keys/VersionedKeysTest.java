package io.billingsdk.internal.keys;

import static io.billingsdk.internal.keys.KeyRecords.blocked;
import static io.billingsdk.internal.keys.KeyRecords.ok;
import static io.billingsdk.internal.keys.KeyRecords.record;
import static io.billingsdk.internal.keys.KeyRecords.removed;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.BillingListener.KeyChange;
import io.billingsdk.DenialReason;
import io.billingsdk.Entitlements;
import io.billingsdk.KeyDecision.Allowed;
import io.billingsdk.KeyDecision.Denied;
import io.billingsdk.internal.keys.VersionedKeys.Standing;
import io.billingsdk.internal.time.ManualClock;
import io.billingsdk.protocol.KeyFeedMessage;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.KeyUpdate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Keys by protocol v2. */
final class VersionedKeysTest {
  private static final Duration STALENESS = Duration.ofMinutes(5);

  private final ManualClock clock = new ManualClock();
  private final KeyTable table = new KeyTable(clock, STALENESS);

  private VersionedKeys.KeyChangeResult snapshot(long version, KeyRecord... keys) {
    return table.apply(chunk(version, 1, 1, keys));
  }

  private static KeyFeedMessage chunk(long version, int chunk, int chunks, KeyRecord... keys) {
    return new KeyFeedMessage(true, version, 0, chunk, chunks, List.of(keys), 0);
  }

  private VersionedKeys.KeyChangeResult change(long since, long version, KeyRecord... keys) {
    return table.apply(KeyFeedMessage.change(since, version, List.of(keys)));
  }

  private void upWith(long version, KeyRecord... keys) {
    table.feedUp();
    assertThat(snapshot(version, keys).standing()).isEqualTo(Standing.CURRENT);
  }

  private DenialReason denial(String key) {
    return ((Denied) table.check(key)).reason();
  }

  @Test
  void check_keyOfTheSnapshot_isAllowedWithItsEntitlements() {
    upWith(10, record("sk-1", KeyRecord.Status.OK, 3, null, List.of("gpt-4*")));
    Allowed allowed = (Allowed) table.check("sk-1");
    assertThat(allowed.caller().keyId()).isEqualTo("id-1");
    Entitlements entitlements = allowed.entitlements();
    assertThat(entitlements.rate()).isEqualTo(Entitlements.Rate.of(5, 10));
    assertThat(entitlements.quotas())
        .containsExactly(
            Entitlements.Quota.of("tokens", 1_000, 10, Instant.ofEpochMilli(99), true));
    assertThat(entitlements.allowsModel("gpt-4o")).isTrue();
    assertThat(entitlements.allowsModel("gpt-3")).isFalse();
    assertThat(denial("sk-2")).isEqualTo(DenialReason.INVALID);
    assertThat(table.version()).isEqualTo(10);
  }

  @Test
  void check_expiredKey_isInvalidFromThatMomentOn() {
    long expires = clock.wallMillis() + 1_000;
    upWith(1, record("sk-1", KeyRecord.Status.OK, 1, expires, List.of()));
    clock.advance(Duration.ofMillis(999));
    assertThat(table.check("sk-1")).isInstanceOf(Allowed.class);
    clock.advance(Duration.ofMillis(1));
    assertThat(denial("sk-1")).isEqualTo(DenialReason.INVALID);
  }

  @Test
  void snapshot_inChunks_isAppliedOnlyWhenAllAreThere() {
    upWith(1, ok("sk-old", 1));
    assertThat(table.apply(chunk(5, 3, 3, ok("sk-3", 5))).standing()).isEqualTo(Standing.UNCHANGED);
    assertThat(table.apply(chunk(5, 3, 3, ok("sk-3", 5))).standing()).isEqualTo(Standing.UNCHANGED);
    assertThat(table.apply(chunk(5, 1, 3, ok("sk-1", 5))).standing()).isEqualTo(Standing.UNCHANGED);
    assertThat(table.check("sk-old")).isInstanceOf(Allowed.class);
    assertThat(denial("sk-3")).isEqualTo(DenialReason.INVALID);
    assertThat(table.apply(chunk(5, 2, 3, ok("sk-2", 5))).standing()).isEqualTo(Standing.CURRENT);
    for (String key : List.of("sk-1", "sk-2", "sk-3")) {
      assertThat(table.check(key)).as(key).isInstanceOf(Allowed.class);
    }
    assertThat(denial("sk-old")).as("is in it no more").isEqualTo(DenialReason.INVALID);
  }

  @Test
  void snapshot_chunksOfTwo_areNotMixed() {
    upWith(1);
    table.apply(chunk(5, 1, 2, ok("sk-1", 5)));
    table.apply(chunk(6, 2, 2, ok("sk-2", 6)));
    assertThat(table.version()).isEqualTo(1);
    table.apply(chunk(5, 2, 2, ok("sk-3", 5)));
    assertThat(table.version()).as("the older one is given up").isEqualTo(1);
    table.apply(chunk(6, 1, 2));
    assertThat(table.version()).isEqualTo(6);
    assertThat(table.check("sk-2")).isInstanceOf(Allowed.class);
    assertThat(denial("sk-1")).isEqualTo(DenialReason.INVALID);
  }

  @Test
  void change_repeatedOrReordered_doesNotReviveARevokedKey() {
    upWith(1, ok("sk-1", 1));
    change(1, 2, ok("sk-1", 2));
    change(2, 3, blocked("sk-1", 3));
    change(1, 2, ok("sk-1", 2));
    assertThat(denial("sk-1")).isEqualTo(DenialReason.BLOCKED);
    snapshot(2, ok("sk-1", 2));
    assertThat(denial("sk-1")).as("an older snapshot").isEqualTo(DenialReason.BLOCKED);
    change(3, 4, ok("sk-1", 2));
    assertThat(denial("sk-1"))
        .as("an older version in a newer message")
        .isEqualTo(DenialReason.BLOCKED);
    change(4, 5, ok("sk-1", 5));
    assertThat(table.check("sk-1")).isInstanceOf(Allowed.class);
  }

  @Test
  void change_ofARemovedKeyOfWhichNothingIsLeft_doesNotReviveIt() {
    upWith(5, ok("sk-1", 5));
    change(5, 6, removed("sk-1", 6));
    assertThat(denial("sk-1")).isEqualTo(DenialReason.INVALID);
    snapshot(7);
    change(4, 5, ok("sk-1", 5));
    assertThat(denial("sk-1")).isEqualTo(DenialReason.INVALID);
  }

  @Test
  void change_beyondAGap_isEnforcedAndTheSnapshotClosesTheGap() {
    upWith(1, ok("sk-1", 1), ok("sk-2", 1));
    assertThat(change(2, 3, blocked("sk-1", 3)).standing()).isEqualTo(Standing.GAP);
    assertThat(denial("sk-1")).as("at once").isEqualTo(DenialReason.BLOCKED);
    clock.advance(STALENESS.plusNanos(1));
    assertThat(denial("sk-2")).as("who knows?").isEqualTo(DenialReason.UNAVAILABLE);
    assertThat(snapshot(2, ok("sk-1", 1), ok("sk-2", 1)).standing()).isEqualTo(Standing.CURRENT);
    assertThat(table.version()).isEqualTo(3);
    assertThat(denial("sk-1")).isEqualTo(DenialReason.BLOCKED);
    assertThat(table.check("sk-2")).isInstanceOf(Allowed.class);
  }

  @Test
  void change_withoutASnapshot_isNoTable() {
    table.feedUp();
    assertThat(change(0, 1, ok("sk-1", 1)).standing()).isEqualTo(Standing.GAP);
    assertThat(denial("sk-1")).isEqualTo(DenialReason.UNAVAILABLE);
  }

  /** Says no more than "you have it all", after a reconnect. */
  @Test
  void change_emptyOfTheSameVersion_makesTheTableCurrent() {
    upWith(4, ok("sk-1", 1));
    table.feedDown();
    table.feedUp();
    assertThat(table.current()).isFalse();
    assertThat(change(4, 4).standing()).isEqualTo(Standing.CURRENT);
    assertThat(table.current()).isTrue();
  }

  @Test
  void apply_changes_areToldOnceAndHoldNoKey() {
    table.feedUp();
    List<KeyChange> changes = snapshot(1, ok("sk-1", 1), blocked("sk-2", 1)).changes();
    assertThat(changes).extracting(KeyChange::blocked).containsExactlyInAnyOrder(false, true);
    assertThat(change(1, 2, blocked("sk-1", 2)).changes())
        .singleElement()
        .satisfies(change -> assertThat(change.reason()).isEqualTo("unpaid"));
    assertThat(change(1, 2, blocked("sk-1", 2)).changes()).isEmpty();
  }

  @Test
  void nameOf_known_isItsIdAndUnknown_itsHash() {
    table.apply(new KeyUpdate(0, List.of(new KeyUpdate.Entry("app", "sk-v1", false, null)), 0));
    assertThat(table.nameOf("sk-v1")).isEqualTo(new KeyRef.KeySha256(KeyRef.sha256("sk-v1")));
    upWith(1, ok("sk-1", 1), blocked("sk-2", 1));
    assertThat(table.nameOf("sk-1")).isEqualTo(new KeyRef.KeyId("id-1"));
    assertThat(table.nameOf("sk-2")).isEqualTo(new KeyRef.KeyId("id-2"));
    assertThat(table.nameOf("sk-3")).isEqualTo(new KeyRef.KeySha256(KeyRef.sha256("sk-3")));
    assertThat(denial("sk-v1")).as("not in the snapshot").isEqualTo(DenialReason.INVALID);
  }

  @Test
  void check_floodOfUnknownKeys_isRememberedInABoundedPlaceAndDisplacesNoKnownKey() {
    KeyDirectory directory = new KeyDirectory();
    directory.add(new KnownKey(KeyRef.sha256("sk-1"), KeyEntry.of(ok("sk-1", 1)), 1));
    assertThat(directory.find("sk-1")).isNotNull();
    for (int i = 0; i < 50_000; i++) {
      assertThat(directory.find("attack-" + i)).isNull();
    }
    assertThat(directory.remembered()).isBetween(1_000, 4_097);
    assertThat(directory.find("sk-1")).isNotNull();
  }

  @Test
  void check_unknownKeyThatIsAddedLater_isFound() {
    upWith(1);
    assertThat(denial("sk-1")).isEqualTo(DenialReason.INVALID);
    assertThat(denial("sk-1")).isEqualTo(DenialReason.INVALID);
    change(1, 2, ok("sk-1", 2));
    assertThat(table.check("sk-1")).isInstanceOf(Allowed.class);
  }

  /** Whatever order and repetition: once a snapshot came, the table is that of the server. */
  @Test
  void randomOrder_changesAndSnapshots_endInTheTableOfTheServer() {
    for (int seed = 1; seed <= 300; seed++) {
      Random random = new Random(seed);
      KeyTable told = new KeyTable(clock, STALENESS);
      told.feedUp();
      List<KeyFeedMessage> messages = new ArrayList<>();
      KeyRecord[] server = new KeyRecord[6];
      for (int version = 1; version <= 40; version++) {
        int which = random.nextInt(server.length);
        String key = "sk-" + which;
        server[which] =
            switch (random.nextInt(3)) {
              case 0 -> ok(key, version);
              case 1 -> blocked(key, version);
              default -> removed(key, version);
            };
        messages.add(KeyFeedMessage.change(version - 1, version, List.of(server[which])));
        if (random.nextInt(5) == 0) {
          messages.add(chunk(version, 1, 1, present(server)));
        }
      }
      messages.addAll(messages.subList(0, messages.size() / 2));
      Collections.shuffle(messages, random);
      messages.forEach(told::apply);
      told.apply(chunk(40, 1, 1, present(server)));
      assertThat(told.current()).as("seed %d", seed).isTrue();
      assertThat(told.version()).as("seed %d", seed).isEqualTo(40);
      for (int which = 0; which < server.length; which++) {
        boolean usable = server[which] != null && server[which].status() == KeyRecord.Status.OK;
        assertThat(told.check("sk-" + which) instanceof Allowed)
            .as("seed %d, key %d", seed, which)
            .isEqualTo(usable);
      }
    }
  }

  /** Without tombstones: a snapshot need not hold those that are gone. */
  private static KeyRecord[] present(KeyRecord[] server) {
    return java.util.Arrays.stream(server)
        .filter(key -> key != null && key.status() != KeyRecord.Status.REMOVED)
        .toArray(KeyRecord[]::new);
  }
}
