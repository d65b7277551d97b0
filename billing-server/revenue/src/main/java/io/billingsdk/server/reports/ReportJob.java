package io.billingsdk.server.reports;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import io.billingsdk.server.reports.MailedRows.Candidate;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says on the 1st, by the zone and the clock of each customer, that the report of the last month is
 * there. That it is said is noted in the same transaction: a run that is repeated says nothing. A
 * server that was off for months says it of the last one alone.
 */
final class ReportJob implements Job {
  /** The event, which notifications send on. */
  static final String MONTHLY = "report.monthly";

  /** The wait after the end of a month, for usage that is on its way at midnight. */
  static final Duration LATENESS = Duration.ofHours(1);

  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final int PAGE = 500;
  private static final String ACTOR = "time";

  private final Database database;
  private final @Nullable URI publicUrl;
  private final InstantSource clock;

  ReportJob(Database database, @Nullable URI publicUrl, InstantSource clock) {
    this.database = database;
    this.publicUrl = publicUrl;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "monthly-reports";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    Instant now = clock.instant();
    List<Candidate> page = page(now, "");
    while (!page.isEmpty() && !Thread.currentThread().isInterrupted()) {
      page.forEach(this::sayIfDue);
      page = page(now, page.get(page.size() - 1).customer());
    }
  }

  private List<Candidate> page(Instant now, String after) {
    return database.read(handle -> MailedRows.candidates(handle, now, after, PAGE));
  }

  private void sayIfDue(Candidate candidate) {
    YearMonth month =
        YearMonth.from(candidate.now().minus(LATENESS).atZone(candidate.zone())).minusMonths(1);
    if (isDue(candidate, month)) {
      database.useTransaction(
          handle -> {
            if (MailedRows.note(handle, candidate.customer(), month)) {
              Outbox.add(handle, event(candidate.customer(), month));
            }
          });
    }
  }

  private static boolean isDue(Candidate candidate, YearMonth month) {
    YearMonth sent = candidate.month();
    Instant begun = candidate.begun();
    return sent == null
        ? begun != null && begun.isBefore(new ReportMonth(month, candidate.zone()).to())
        : sent.isBefore(month) && begun != null;
  }

  private DomainEvent event(String customer, YearMonth month) {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("customerId", customer);
    payload.put("month", month.toString());
    if (publicUrl != null) {
      payload.put(
          "url",
          publicUrl.toString().replaceFirst("/+$", "")
              + Route.BASE
              + "/customers/"
              + customer
              + "/reports/"
              + month
              + "?format=pdf");
    }
    return DomainEvent.of(MONTHLY, "customer/" + customer, payload, ACTOR);
  }
}
