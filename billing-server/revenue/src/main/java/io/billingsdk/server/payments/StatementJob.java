package io.billingsdk.server.payments;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.jobs.Job;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Matches lines of statements, each in a transaction of its own: a file of thousands of lines locks
 * one customer at a time, and a server that is killed in the middle goes on with the next line.
 */
final class StatementJob implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(StatementJob.class);
  private static final Actor BOOKS = new Actor("books");
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final int BATCH = 500;

  private final Database database;
  private final Statements statements;

  StatementJob(Database database) {
    this.database = database;
    this.statements = new Statements(database, BOOKS);
  }

  @Override
  public String name() {
    return "payment-statements";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    List<Long> batch = waiting(0);
    while (!batch.isEmpty() && !Thread.currentThread().isInterrupted()) {
      batch.forEach(this::look);
      batch = waiting(batch.get(batch.size() - 1));
    }
  }

  private List<Long> waiting(long after) {
    return database.read(handle -> StatementRows.waiting(handle, after, BATCH));
  }

  private void look(long line) {
    try {
      statements.look(line);
    } catch (RequestRefusedException refused) {
      statements.fail(line, String.valueOf(refused.getMessage()));
    } catch (RuntimeException fault) {
      // Those behind it are no worse for it.
      LOG.warn(
          "line {} of a statement was not looked at, and is looked at again: {}",
          line,
          fault.toString());
    }
  }
}
