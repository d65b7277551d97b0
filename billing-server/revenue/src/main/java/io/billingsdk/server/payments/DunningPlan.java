package io.billingsdk.server.payments;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When a customer is reminded of an invoice, in days from the day on which it is due. Immutable.
 *
 * @param steps in the order of their days
 * @param graceDays from the day after so many days on the keys are blocked
 */
record DunningPlan(List<DunningStep> steps, int graceDays) {
  /** Three days before, on the day, and 3 and 7 days after it; blocked after 14 days. */
  static final DunningPlan USUAL =
      new DunningPlan(
          List.of(
              new DunningStep("before", -3),
              new DunningStep("due", 0),
              new DunningStep("first", 3),
              new DunningStep("second", 7)),
          14);

  /** Copies the list. */
  DunningPlan {
    steps = List.copyOf(steps);
  }

  /** A reminder. */
  record DunningStep(String name, int days) {}

  /** The last step whose day has come; earlier ones are not sent any later. */
  Optional<DunningStep> step(LocalDate dueOn, LocalDate today) {
    return steps.stream()
        .filter(each -> !today.isBefore(dueOn.plusDays(each.days())))
        .reduce((earlier, later) -> later);
  }

  /** The day on which something is to be done: also that on which its time is over. */
  Optional<LocalDate> look(LocalDate dueOn, LocalDate today) {
    LocalDate late = dueOn.plusDays(1);
    Optional<LocalDate> next = next(dueOn, today);
    return late.isAfter(today) && next.filter(late::isAfter).isEmpty() ? Optional.of(late) : next;
  }

  /** The day of the next reminder, or of the block; empty when there is none to come. */
  Optional<LocalDate> next(LocalDate dueOn, LocalDate today) {
    Stream<Integer> days =
        Stream.concat(steps.stream().map(DunningStep::days), Stream.of(graceDays + 1));
    return days.map(dueOn::plusDays).filter(each -> each.isAfter(today)).findFirst();
  }

  boolean isPastDue(LocalDate dueOn, LocalDate today) {
    return today.isAfter(dueOn.plusDays(graceDays));
  }
}
