package io.billingsdk.server.alerts;

import io.billingsdk.costs.Advice;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import io.billingsdk.server.performance.MonthlyAdvice;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Says each piece of advice once a month, in the transaction that notes that it was said. */
final class AdviceJob implements Job {
  static final String GIVEN = "cost.advice_given";

  private static final Duration EVERY = Duration.ofHours(1);

  private static final String SAID =
      """
      INSERT INTO advice_said (month, advice) VALUES (:month, :advice) ON CONFLICT DO NOTHING
      """;

  private final Database database;
  private final InstantSource clock;

  AdviceJob(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "cost-advice";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    Instant now = clock.instant();
    database.useTransaction(
        handle -> {
          AlertJob.lock(handle);
          String month = YearMonth.from(now.atOffset(ZoneOffset.UTC)).toString();
          MonthlyAdvice.of(handle, now).forEach(each -> say(handle, month, each));
        });
  }

  private static void say(Handle handle, String month, Advice advice) {
    boolean isNew =
        handle.createUpdate(SAID).bind("month", month).bind("advice", advice.id()).execute() == 1;
    if (isNew) {
      Map<String, @Nullable Object> said = new LinkedHashMap<>();
      said.put("month", month);
      said.put("advice", advice.type());
      said.put("priority", RuleRows.text(advice.priority()));
      said.put("about", advice.subject());
      said.put("message", advice.message());
      said.put("money", AlertMessages.plain(advice.money()));
      said.put("currency", MonthlyAdvice.CURRENCY);
      Outbox.add(handle, DomainEvent.of(GIVEN, "advice/costs", said, "server"));
    }
  }
}
