package io.billingsdk.server.ingest;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.HttpApi.Meters;
import io.billingsdk.server.http.HttpSettings.StreamTiming;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.tail.TailItem.TailSink;
import java.net.URL;
import java.util.List;
import java.util.Optional;

/** The intake of a server without a broker. */
public final class TestIntake implements AutoCloseable {
  private final CollectorCounts counts = new CollectorCounts();
  private final CollectorLanes collectorLanes;
  private final Intake intake;

  private TestIntake(CollectorLanes collectorLanes, Intake intake) {
    this.collectorLanes = collectorLanes;
    this.intake = intake;
  }

  /** One that stores. */
  public static TestIntake over(Database database) {
    TestIntake made = idle(database);
    made.collectorLanes.start();
    return made;
  }

  /** The same with the hooks of features. */
  public static TestIntake over(Database database, LedgerAppender appender) {
    TestIntake made = idle(database, appender);
    made.collectorLanes.start();
    return made;
  }

  /** One that takes in and never stores. */
  public static TestIntake idle(Database database) {
    return idle(database, LedgerAppender.withoutHooks());
  }

  private static TestIntake idle(Database database, LedgerAppender appender) {
    CollectorLanes collectorLanes =
        new CollectorLanes(
            database,
            appender,
            receipts -> {},
            TailSink.NONE,
            new CollectorCounts(),
            Failpoint.Hook.NONE,
            TimeBounds.standard());
    return new TestIntake(collectorLanes, new Intake(collectorLanes, 2_000));
  }

  /** What the routes are given. */
  Intake intake() {
    return intake;
  }

  /** What a feature with records of its own is given. */
  public RecordIntake records() {
    return new RecordIntake(intake);
  }

  /** Whether what has come is stored within so many seconds. */
  public boolean isStoring(long withinSeconds) {
    return counts.isStoring(withinSeconds);
  }

  /** The feature over it. */
  public Feature feature(TailSink tail, StreamTiming timing, int streamsPerToken) {
    return new Feature() {
      @Override
      public List<Route> routes() {
        return IntakeFeature.routes(
            intake, LedgerAppender.withoutHooks(), tail, timing, streamsPerToken);
      }

      @Override
      public List<Meters> metrics() {
        return List.of(new CollectorMeters(counts));
      }

      @Override
      public Optional<URL> openApi() {
        return IntakeFeature.document();
      }
    };
  }

  @Override
  public void close() {
    collectorLanes.close();
  }
}
