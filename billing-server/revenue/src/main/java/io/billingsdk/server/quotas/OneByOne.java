package io.billingsdk.server.quotas;

import io.billingsdk.server.db.DatabaseException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something for many. A fault at one of them stops that one alone: the log names it once until
 * it works again. For one thread; {@link #failing} may be read on any.
 */
final class OneByOne {
  private static final Logger log = LoggerFactory.getLogger(OneByOne.class);

  /** So many together: a fault of one costs the others of its part a repetition. */
  private static final int TOGETHER = 500;

  private final String job;
  private volatile Set<String> failed = Set.of();

  /** Of a job, by its name. */
  OneByOne(String job) {
    this.job = job;
  }

  /** Those for which it could not be done at the last time. */
  Set<String> failing() {
    return failed;
  }

  /**
   * Does it for many together, and for each alone where that fails.
   *
   * @param work does it for some of them; doing it again must change nothing
   * @throws DatabaseException when the database is away: that is no fault of one of them
   */
  void together(Collection<String> ids, Consumer<List<String>> work) {
    List<String> ordered = ids.stream().sorted().toList();
    Set<String> faulty = new TreeSet<>();
    for (int i = 0; i < ordered.size(); i += TOGETHER) {
      part(ordered.subList(i, Math.min(ordered.size(), i + TOGETHER)), work, faulty);
    }
    failed = Set.copyOf(faulty);
  }

  /**
   * Does it for each alone.
   *
   * @throws DatabaseException when the database is away
   */
  void each(Collection<String> ids, Consumer<String> work) {
    Set<String> faulty = new TreeSet<>();
    for (String id : ids) {
      part(List.of(id), one -> one.forEach(work), faulty);
    }
    failed = Set.copyOf(faulty);
  }

  private void part(List<String> part, Consumer<List<String>> work, Set<String> faulty) {
    try {
      work.accept(part);
    } catch (RuntimeException fault) {
      requirePresent(fault);
      if (part.size() == 1) {
        note(part.get(0), fault, faulty);
      } else {
        part.forEach(each -> part(List.of(each), work, faulty));
      }
    }
  }

  private void note(String id, RuntimeException fault, Set<String> faulty) {
    faulty.add(id);
    if (!failed.contains(id)) {
      log.error("{} cannot judge {}, and goes on with the others", job, id, fault);
    }
  }

  private static void requirePresent(RuntimeException fault) {
    if (fault instanceof DatabaseException failed
        && (failed.sqlState().isEmpty()
            || failed.sqlState().startsWith("08")
            || failed.sqlState().startsWith("57P"))) {
      throw failed;
    }
  }
}
