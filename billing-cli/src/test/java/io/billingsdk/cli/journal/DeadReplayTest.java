package io.billingsdk.cli.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code billing journal replay --dead} without a broker; with one it is a test of the system. */
@Tag("broker")
class DeadReplayTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  @TempDir Path directory = Path.of("");

  private CommandRun replay(String... options) {
    String[] all = new String[options.length + 3];
    all[0] = "journal";
    all[1] = "replay";
    all[2] = directory.toString();
    System.arraycopy(options, 0, all, 3, options.length);
    return CommandRun.of(all);
  }

  private void setAside(int seq, String reason, Instant used) throws Exception {
    Path dead = Files.createDirectories(directory.resolve("slot-00").resolve("dead"));
    Files.writeString(
        dead.resolve(String.format(Locale.ROOT, "%s-%020d.event", new UUID(1, 2), seq)),
        reason + "\n{\"ts\":" + used.toEpochMilli() + ",\"key_id\":\"k\",\"usage\":1}");
  }

  @Test
  void dryRun_saysHowMany_why_andOfWhichTimes() throws Exception {
    setAside(1, "refused by the billing system: IN_FUTURE", NOON);
    setAside(2, "refused by the billing system: IN_FUTURE", NOON.plus(Duration.ofHours(1)));
    setAside(3, "larger than a message may be: 3012 of 2000 bytes", NOON);
    setAside(4, "larger than a message may be: 2500 of 2000 bytes", NOON);

    CommandRun all = replay("--dead", "--dry-run");
    assertThat(all.exitCode()).isEqualTo(1);
    assertThat(all.out())
        .contains(
            "2 events: refused by the billing system: IN_FUTURE",
            "used from 2026-01-31T12:00:00Z to 2026-01-31T13:00:00Z",
            "2 events: larger",
            "4 of 4 events that are set aside would be sent");

    CommandRun some =
        replay("--dead", "--dry-run", "--reason", "IN_FUTURE", "--occurred-at-offset=-25h");
    assertThat(some.out())
        .contains("2 of 4 events", "2026-01-30T11:00:00Z", "with the offset")
        .doesNotContain("larger");
  }

  @Test
  void dryRun_ofTimesInTheFuture_saysHowToMoveThem() throws Exception {
    setAside(1, "refused by the billing system: IN_FUTURE", Instant.now().plusSeconds(3600));

    assertThat(replay("--dead", "--dry-run").out()).contains("in the future");
    assertThat(replay("--dead", "--dry-run", "--occurred-at-offset=-25h").out())
        .doesNotContain("in the future");
  }

  @Test
  void replay_withNothingSetAside_needsNoBroker() {
    CommandRun nothing = replay("--dead");
    assertThat(nothing.exitCode()).isZero();
    assertThat(nothing.out()).contains("nothing is set aside");
  }

  @Test
  void replay_withBadOptions_isWrongUsage_thatNamesThem() {
    assertThat(replay("--dry-run").exitCode()).isEqualTo(2);
    assertThat(replay("--dry-run").err()).contains("--dead");
    for (String bad : new String[] {"25", "-25 h", "1w", "-401d", ""}) {
      CommandRun refused = replay("--dead", "--occurred-at-offset=" + bad);
      assertThat(refused.exitCode()).as(bad).isEqualTo(2);
      assertThat(refused.err()).contains("--occurred-at-offset", "-400d to 400d");
    }
  }
}
