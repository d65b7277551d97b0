package io.billingsdk.server.collect;

import io.billingsdk.server.database.Database;
import io.billingsdk.server.tail.TailSink;

/** The intake of a server without a broker. */
public final class TestIntake implements AutoCloseable {
  private final Lanes lanes;
  private final Intake intake;

  private TestIntake(Lanes lanes, Intake intake) {
    this.lanes = lanes;
    this.intake = intake;
  }

  /** One that stores. */
  public static TestIntake over(Database database) {
    TestIntake made = idle(database);
    made.lanes.start();
    return made;
  }

  /** One that takes in and never stores. */
  public static TestIntake idle(Database database) {
    Lanes lanes =
        new Lanes(
            database, receipts -> {}, TailSink.NONE, new CollectorCounts(), Failpoint.Hook.NONE);
    return new TestIntake(lanes, new Intake(lanes, 2_000));
  }

  /** What the routes are given. */
  public Intake intake() {
    return intake;
  }

  @Override
  public void close() {
    lanes.close();
  }
}
