package io.billingsdk.internal.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.Protocol;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome;
import io.billingsdk.ReportOutcome.Rejected;
import io.billingsdk.UsageEvent;
import io.billingsdk.internal.Faults;
import io.billingsdk.internal.journal.EventJournal;
import io.billingsdk.internal.journal.MemoryJournal;
import io.billingsdk.internal.keys.KeyTable;
import io.billingsdk.internal.time.ManualClock;
import io.billingsdk.protocol.KeyUpdate;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class IntakeTest {
  private static final UsageEvent EVENT = UsageEvent.of("key", "llm", "gpt-4", 1);

  private final ManualClock clock = new ManualClock();
  private final KeyTable keys = new KeyTable(clock, Duration.ofMinutes(5));
  private int woken;

  private Intake intake(EventJournal journal) {
    journal.onAvailable(() -> woken++);
    return new Intake(journal, keys, clock, () -> Protocol.V1, new Faults());
  }

  private static JsonNode onlyRecord(EventJournal journal) throws IOException {
    return new ObjectMapper().readTree(requireNonNull(journal.next()).body());
  }

  @Test
  void report_withoutTime_isStampedWithNow() throws IOException {
    EventJournal journal = new MemoryJournal(1 << 20);
    clock.jumpWall(Duration.ofDays(-1));
    assertThat(intake(journal).report(EVENT).accepted()).isTrue();
    assertThat(onlyRecord(journal).path("timestamp").longValue()).isEqualTo(clock.wallMillis());
  }

  @Test
  void report_withTime_keepsItToTheMillisecond() throws IOException {
    EventJournal journal = new MemoryJournal(1 << 20);
    Instant used = Instant.parse("2023-11-14T01:02:03.456789Z");
    assertThat(intake(journal).report(EVENT.withTime(used)).accepted()).isTrue();
    assertThat(onlyRecord(journal).path("timestamp").longValue()).isEqualTo(used.toEpochMilli());
  }

  @Test
  void report_knownKey_carriesItsApplicationAndOthersDoNot() throws IOException {
    keys.apply(
        new KeyUpdate(
            0,
            List.of(
                new KeyUpdate.Entry("app", "key", false, null),
                new KeyUpdate.Entry("app", "blocked", true, null)),
            0));
    EventJournal journal = new MemoryJournal(1 << 20);
    for (String key : List.of("key", "blocked", "unknown")) {
      assertThat(intake(journal).report(UsageEvent.of(key, "llm", "m", 1)).accepted()).isTrue();
    }
    assertThat(onlyRecord(journal).path("app_id").textValue()).isEqualTo("app");
    assertThat(onlyRecord(journal).has("app_id")).isFalse();
    assertThat(onlyRecord(journal).has("app_id")).isFalse();
  }

  @Test
  void report_bufferFull_saysTheBoundAndCounts() {
    Intake intake = intake(new MemoryJournal(1_000));
    ReportOutcome outcome = intake.report(EVENT);
    int accepted = 0;
    for (; outcome.accepted(); accepted++) {
      outcome = intake.report(EVENT);
    }
    assertThat(accepted).isBetween(1, 15);
    assertThat(outcome)
        .isEqualTo(
            Rejected.of(
                RejectionReason.BUFFER_FULL, "", "the buffer has reached its bound of 1000 bytes"));
    assertThat(intake.rejected()).isEqualTo(Map.of(RejectionReason.BUFFER_FULL, 1L));
    assertThat(woken).isEqualTo(accepted);
  }

  @Test
  void report_afterClose_isRejectedAsClosed() {
    EventJournal journal = new MemoryJournal(1 << 20);
    Intake intake = intake(journal);
    journal.close();
    ReportOutcome outcome = intake.report(EVENT);
    assertThat(outcome).isInstanceOf(Rejected.class);
    assertThat(((Rejected) outcome).reason()).isEqualTo(RejectionReason.CLOSED);
    assertThat(intake.rejected()).isEqualTo(Map.of(RejectionReason.CLOSED, 1L));
  }

  /** Code units at random, so that most texts have halves of surrogate pairs in them. */
  @Test
  void report_randomCodeUnits_neverThrowsAndWhatIsAcceptedReadsBackEqual() throws IOException {
    int accepted = 0;
    for (long seed = 1; seed <= 5_000; seed++) {
      Random random = new Random(seed);
      UsageEvent event =
          UsageEvent.of(units(random), units(random), units(random), 1)
              .withMetadata(Map.of(units(random), units(random), "l", List.of(units(random))));
      if (random.nextInt(3) > 0) {
        event = UsageEvent.of("key", event.module(), "m", 1).withMetadata(event.metadata());
      }
      EventJournal journal = new MemoryJournal(1 << 20);
      if (intake(journal).report(event).accepted()) {
        accepted++;
        JsonNode json = onlyRecord(journal);
        assertThat(json.path("module").textValue()).as("seed %d", seed).isEqualTo(event.module());
        Map<String, ?> metadata = requireNonNull(event.metadata());
        assertThat(json.path("metadata").path("l").path(0).textValue())
            .as("seed %d", seed)
            .isEqualTo(((List<?>) requireNonNull(metadata.get("l"))).get(0));
      }
    }
    assertThat(accepted).as("some were well-formed").isPositive();
  }

  private static String units(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i >= 0; i--) {
      text.append(
          (char)
              (random.nextInt(3) == 0 ? 0xD800 + random.nextInt(0x800) : random.nextInt(65_536)));
    }
    return text.toString();
  }
}
