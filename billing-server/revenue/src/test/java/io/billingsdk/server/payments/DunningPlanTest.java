package io.billingsdk.server.payments;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.payments.DunningPlan.DunningStep;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

/** The days of reminders. */
class DunningPlanTest {
  private static final LocalDate DUE = LocalDate.of(2024, 2, 28);
  private static final DunningPlan PLAN = DunningPlan.USUAL;

  @Test
  void step_isTheLastOneWhoseDayHasCome() {
    assertThat(PLAN.step(DUE, DUE.minusDays(4))).isEmpty();
    assertThat(PLAN.step(DUE, DUE.minusDays(3)).map(DunningStep::name)).contains("before");
    assertThat(PLAN.step(DUE, DUE).map(DunningStep::name)).contains("due");
    assertThat(PLAN.step(DUE, DUE.plusDays(9)).map(DunningStep::name)).contains("second");
  }

  @Test
  void next_isTheDayOfTheNextReminder_thenOfTheBlock_thenNone() {
    assertThat(PLAN.next(DUE, DUE.minusDays(10))).contains(LocalDate.of(2024, 2, 25));
    // A leap year: the first reminder comes three days after the 28th.
    assertThat(PLAN.next(DUE, DUE)).contains(LocalDate.of(2024, 3, 2));
    assertThat(PLAN.next(DUE, DUE.plusDays(7))).contains(DUE.plusDays(15));
    assertThat(PLAN.next(DUE, DUE.plusDays(15))).isEmpty();
  }

  @Test
  void pastDue_beginsAfterTheGrace() {
    assertThat(PLAN.isPastDue(DUE, DUE.plusDays(14))).isFalse();
    assertThat(PLAN.isPastDue(DUE, DUE.plusDays(15))).isTrue();
  }
}
