package io.billingsdk.server.tax;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.tax.TaxIdCheck.CheckAnswer;
import io.billingsdk.server.tax.TaxQuestion.IdStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the office about pending tax ids, some at a time; what it cannot say, it asks for later. */
final class TaxIdCheckJob implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(TaxIdCheckJob.class);
  private static final Duration EVERY = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMinutes(10);
  private static final int MOST = 50;
  private static final Actor TIME = new Actor("time");

  private final Database database;
  private final TaxIdCheck check;

  TaxIdCheckJob(Database database, TaxIdCheck check) {
    this.database = database;
    this.check = check;
  }

  @Override
  public String name() {
    return "tax-id-check";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() throws InterruptedException {
    List<String> pending = database.read(handle -> TaxIdRows.pending(handle, MOST));
    for (String each : pending) {
      store(each, ask(each));
    }
  }

  private CheckAnswer ask(String taxId) throws InterruptedException {
    TaxNumber number = TaxNumber.parse("taxId", taxId);
    try {
      return check.check(number.prefix(), number.number());
    } catch (RuntimeException fault) {
      LOG.warn("the check of a tax id of {} failed", number.country(), fault);
      return CheckAnswer.UNAVAILABLE;
    }
  }

  private void store(String taxId, CheckAnswer answer) {
    database.useTransaction(
        handle -> {
          if (answer == CheckAnswer.UNAVAILABLE) {
            TaxIdRows.later(handle, taxId, PAUSE);
            return;
          }
          IdStatus status = answer == CheckAnswer.VALID ? IdStatus.VALID : IdStatus.INVALID;
          if (TaxIdRows.answered(handle, taxId, status)) {
            AuditLog.write(
                handle, TIME, "tax_id.check", taxId, null, Map.of("status", status.text()));
          }
        });
  }
}
