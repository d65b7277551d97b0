package io.billingsdk.server.performance;

import io.billingsdk.costs.Advice;
import io.billingsdk.costs.LocalDays;
import io.billingsdk.costs.LocalDays.Period;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Advice about the costs of the month so far, in UTC and USD: for who sends it. */
public final class MonthlyAdvice {
  /** Of all amounts. */
  public static final String CURRENCY = "USD";

  private MonthlyAdvice() {}

  /** All that nobody has dismissed. */
  public static List<Advice> of(Handle handle, Instant now) {
    Question question = new Question(Period.MONTHLY, LocalDays.utc(), now, CURRENCY);
    return AdviceRoutes.report(handle, question).advice();
  }
}
