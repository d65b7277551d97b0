package io.billingsdk.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Protocol;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome;
import io.billingsdk.ReportOutcome.Rejected;
import io.billingsdk.internal.Faults;
import io.billingsdk.internal.journal.MemoryJournal;
import io.billingsdk.internal.keys.KeyTable;
import io.billingsdk.internal.time.ManualClock;
import io.billingsdk.testbed.Proof;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is reported has an explicit outcome that names the field and the bound. */
final class BadInputTest {
  private static int cases;
  private static int rejected;
  private static int accepted;
  private static final Map<String, Integer> byReason = new TreeMap<>();

  private final ManualClock clock = new ManualClock();
  private final MemoryJournal journal = new MemoryJournal(1 << 20);
  private int woken;
  private final Intake intake =
      new Intake(
          journal,
          new KeyTable(clock, Duration.ofMinutes(5)),
          clock,
          () -> Protocol.V1,
          new Faults());

  @org.junit.jupiter.api.BeforeEach
  void countWakings() {
    journal.onAvailable(() -> woken++);
  }

  static List<BadInputCases.Case> refused() {
    return BadInputCases.refused();
  }

  static List<BadInputCases.Case> taken() {
    return BadInputCases.taken();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void report_beyondABound_saysWhichFieldAndWhichBound(BadInputCases.Case bad) {
    cases++;
    // A case that threw would fail here, and the line below would not be printed.
    ReportOutcome outcome = intake.report(bad.event());
    assertThat(outcome).isInstanceOf(Rejected.class);
    Rejected refusal = (Rejected) outcome;
    assertThat(refusal.accepted()).isFalse();
    assertThat(refusal.reason()).isEqualTo(bad.reason());
    assertThat(refusal.field()).isEqualTo(bad.field());
    assertThat(refusal.message()).contains(bad.field()).contains(bad.bound());
    assertThat(refusal.toString()).doesNotContain(BadInputCases.CANARY);
    assertThat(intake.rejected()).isEqualTo(Map.of(bad.reason(), 1L));
    assertThat(journal.figures().appended()).isZero();
    assertThat(woken).isZero();
    rejected++;
    byReason.merge(bad.reason().toString(), 1, Integer::sum);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("taken")
  void report_atTheBound_isTaken(BadInputCases.Case good) {
    cases++;
    assertThat(intake.report(good.event()))
        .isEqualTo(ReportOutcome.Accepted.of(journal.stream(), 1));
    assertThat(intake.rejected()).isEmpty();
    assertThat(woken).isEqualTo(1);
    accepted++;
  }

  @Test
  void report_manyRejected_countsEachReason() {
    refused().forEach(bad -> intake.report(bad.event()));
    long sum = intake.rejected().values().stream().mapToLong(Long::longValue).sum();
    assertThat(sum).isEqualTo(refused().size());
    assertThat(intake.rejected())
        .containsOnlyKeys(RejectionReason.INVALID, RejectionReason.TOO_LARGE);
  }

  @AfterAll
  static void prove() {
    if (rejected == refused().size() && accepted == taken().size()) {
      Proof proof = Proof.of("bad-input").with("cases", cases).with("rejected", rejected);
      byReason.forEach((reason, count) -> proof.with(reason, count));
      proof.with("accepted-at-the-bound", accepted).with("thrown", 0).print();
    }
  }
}
