package io.billingsdk.server.outbox;

import io.billingsdk.server.common.Counts.Figure;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Notifications;
import io.billingsdk.server.db.Notifications.ChannelSubscription;
import io.billingsdk.server.jobs.Job;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Delivers what is in the {@link Outbox} to subscribers, at every server of a database; each event
 * at one of them.
 *
 * <p>At least once, in order for each subject, as {@link OutboxSubscriber} says. A notification of
 * the database wakes it within milliseconds of a COMMIT. A job wakes it every few seconds too: for
 * what a killed server had taken, and for notifications that were missed.
 *
 * <p>{@link #start()} returns at once; {@link #close()} interrupts what is being delivered, which
 * is then delivered again. Thread-safe.
 */
public final class OutboxDelivery implements AutoCloseable {
  private final List<DeliveryLane> lanes;
  private final List<OutboxSubscriber> subscribers;
  private final Notifications notifications;
  private final OutboxTable table;
  private final List<Job> jobs;
  private @Nullable ChannelSubscription subscription;

  /** To subscribers with different names. */
  public OutboxDelivery(
      Database database, Notifications notifications, List<OutboxSubscriber> subscribers) {
    this(database, notifications, subscribers, () -> {});
  }

  /** The same, with something between each delivery and its note. */
  OutboxDelivery(
      Database database,
      Notifications notifications,
      List<OutboxSubscriber> subscribers,
      Runnable beforeNote) {
    requireDifferent(subscribers);
    this.notifications = notifications;
    this.subscribers = List.copyOf(subscribers);
    this.lanes =
        subscribers.stream().map(each -> new DeliveryLane(database, each, beforeNote)).toList();
    this.table = new OutboxTable(database);
    this.jobs = List.of(new OutboxWake(this), new OutboxRetention(database));
  }

  private static void requireDifferent(List<OutboxSubscriber> subscribers) {
    Set<String> names = new HashSet<>();
    for (OutboxSubscriber each : subscribers) {
      if (!names.add(each.name())) {
        throw new IllegalArgumentException(
            "the names of subscribers must differ, but two are called " + each.name());
      }
    }
  }

  /** Begins to deliver. */
  public void start() {
    subscription =
        notifications.subscribe(
            Outbox.CHANNEL,
            Runnable::run,
            new Notifications.NotificationListener() {
              @Override
              public void received(String payload) {
                wake();
              }

              @Override
              public void lookAgain() {
                wake();
              }
            });
    lanes.forEach(DeliveryLane::start);
  }

  /** Its periodic work. */
  public List<Job> jobs() {
    return jobs;
  }

  /** What metrics show of it. */
  public List<Figure> figures() {
    return table.figures(subscribers);
  }

  void wake() {
    lanes.forEach(DeliveryLane::wake);
  }

  @Override
  public void close() {
    ChannelSubscription made = subscription;
    if (made != null) {
      made.close();
    }
    lanes.forEach(DeliveryLane::close);
    table.close();
  }
}
