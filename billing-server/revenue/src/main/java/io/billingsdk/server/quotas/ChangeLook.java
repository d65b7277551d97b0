package io.billingsdk.server.quotas;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * Looks now and then at what has changed since the last look; the first one looks at all. Nothing
 * is missed: a look begins where the one before began, with an overlap. A fault at one of them
 * stops that one alone, and the next look looks at it again. For one thread, as {@link OneByOne}
 * is.
 */
final class ChangeLook {
  /** Transactions that began before the last look may have committed after it. */
  static final Duration OVERLAP = Duration.ofMinutes(2);

  private final Database database;
  private final OneByOne each;

  /** By the clock of the database, which stamps what has changed. */
  private Instant since = Instant.EPOCH;

  /** Of a job, by its name. */
  ChangeLook(Database database, String job) {
    this.database = database;
    this.each = new OneByOne(job);
  }

  /** How many could not be judged at the last look. */
  int failing() {
    return each.failing().size();
  }

  /**
   * One look.
   *
   * @param changed gives the ids of what has changed since a moment; it may give more
   * @param judge judges some of them; judging again changes nothing
   */
  void run(BiFunction<Handle, Instant, Collection<String>> changed, Consumer<List<String>> judge) {
    Instant began =
        database.read(
            handle ->
                handle
                    .createQuery("SELECT now() AS at")
                    .map(ResultRow.to(row -> row.time("at")))
                    .one());
    Set<String> ids = new HashSet<>(each.failing());
    ids.addAll(database.read(handle -> changed.apply(handle, since)));
    each.together(ids, judge);
    since = began.minus(OVERLAP);
  }
}
