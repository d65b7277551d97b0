package io.billingsdk.server.ingest;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.HttpApi.Meters;
import io.billingsdk.server.http.HttpSettings.StreamTiming;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.tail.TailItem.TailSink;
import java.net.URL;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Usage that comes in, by MQTT and by HTTP, and what was rejected taken in again. */
public final class IntakeFeature implements Feature {
  private final Database database;
  private final LedgerAppender appender;
  private final Supplier<Collector> collecting;
  private final TailSink tail;
  private final StreamTiming timing;
  private final int streamsPerToken;

  /**
   * Of a collector, which it starts and closes.
   *
   * @param appender the way into the ledger for what is taken in again
   * @param collecting gives the same one each time; asked for from {@link #start} on
   * @param tail told of what was taken in again
   * @param streamsPerToken streams of lines at once with each token
   */
  public IntakeFeature(
      Database database,
      LedgerAppender appender,
      Supplier<Collector> collecting,
      TailSink tail,
      StreamTiming timing,
      int streamsPerToken) {
    this.database = database;
    this.appender = appender;
    this.collecting = collecting;
    this.tail = tail;
    this.timing = timing;
    this.streamsPerToken = streamsPerToken;
  }

  @Override
  public Optional<URL> openApi() {
    return document();
  }

  static Optional<URL> document() {
    return Optional.ofNullable(IntakeFeature.class.getResource("intake.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return routes(collecting.get().intake(), appender, tail, timing, streamsPerToken);
  }

  static List<Route> routes(
      Intake intake,
      LedgerAppender appender,
      TailSink tail,
      StreamTiming timing,
      int streamsPerToken) {
    Clock clock = Clock.systemUTC();
    return Stream.of(
            new IntakeRoutes(intake, clock, timing, streamsPerToken).routes(),
            new ReplayRoutes(appender, tail, clock).routes(),
            new BatchReplayRoutes(appender, tail).routes())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public List<Meters> metrics() {
    return List.of(new CollectorMeters(collecting.get().counts()));
  }

  @Override
  public List<Job> jobs() {
    return List.of(new PartitionsAhead(database));
  }

  @Override
  public void start() {
    collecting.get().start();
  }

  @Override
  public void close() {
    collecting.get().close();
  }
}
