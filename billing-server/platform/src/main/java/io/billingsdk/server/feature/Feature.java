package io.billingsdk.server.feature;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Secrets;
import io.billingsdk.server.http.HttpApi.Meters;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.outbox.OutboxSubscriber;
import java.net.URL;
import java.util.List;
import java.util.Optional;

/**
 * The one door of a feature: what the server has to know of it, so that a new one is a package and
 * one line in the assembly.
 *
 * <ul>
 *   <li>{@link #tables}, {@link #migrations} and {@link #openApi} are the same from the constructor
 *       on: the server asks for them before the database has the tables.
 *   <li>{@link #start} comes once the tables are there; it returns soon, and does all I/O that the
 *       constructor does not.
 *   <li>{@link #routes}, {@link #pages}, {@link #metrics}, {@link #jobs} and {@link #subscribers}
 *       are asked for once, after it.
 *   <li>{@link #close} comes in the opposite order of the starts, after the last request, also when
 *       a start has failed.
 * </ul>
 *
 * <p>The server calls from one thread; routes, meters and jobs run on others.
 */
public interface Feature extends AutoCloseable {
  /** Makes a feature of what the server gives to it; the constructor only assigns. */
  @FunctionalInterface
  interface Factory {
    /** Makes it. */
    Feature of(Platform platform);
  }

  /** The tables that it owns. */
  default List<Table> tables() {
    return List.of();
  }

  /**
   * The folder of its migrations on the class path, as {@code io/billingsdk/server/catalog/db}. All
   * features share one sequence of numbers: {@code V<yyyymmddhhmm>__feature_what.sql}.
   */
  default Optional<String> migrations() {
    return Optional.empty();
  }

  /** Its part of the OpenAPI document: paths, and the components that only they use. */
  default Optional<URL> openApi() {
    return Optional.empty();
  }

  /** Its routes. */
  default List<Route> routes() {
    return List.of();
  }

  /**
   * Its pages for people, and what belongs to them: served as the routes are, and no part of the
   * API and its document.
   */
  default List<Route> pages() {
    return List.of();
  }

  /** Its meters. */
  default List<Meters> metrics() {
    return List.of();
  }

  /** Its jobs. */
  default List<Job> jobs() {
    return List.of();
  }

  /** Who of it hears of domain events, such as that a key was blocked. */
  default List<OutboxSubscriber> subscribers() {
    return List.of();
  }

  /** Begins to work. */
  default void start() {}

  /** Ends its work: nothing of it runs when this returns. */
  @Override
  default void close() {}

  /**
   * A table that a feature owns: no other feature writes it.
   *
   * @param isAppendOnly whether rows are added and never changed. The server refuses a login that
   *     may do more than add to such a table and read it
   */
  record Table(String name, boolean isAppendOnly) {
    /** A table whose rows change. */
    public static Table of(String name) {
      return new Table(name, /* isAppendOnly= */ false);
    }

    /** A table whose rows are added and never changed. */
    public static Table appendOnly(String name) {
      return new Table(name, /* isAppendOnly= */ true);
    }
  }

  /**
   * What the server gives to each feature. A route uses {@code Request.database()} instead, which
   * is in the transaction of its request.
   *
   * @param database for work that no request waits for; it may not be reachable yet
   * @param secrets of this installation
   */
  record Platform(Database database, Secrets secrets) {}
}
