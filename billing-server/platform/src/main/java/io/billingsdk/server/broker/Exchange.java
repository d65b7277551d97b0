package io.billingsdk.server.broker;

import io.billingsdk.broker.HandedPublish;
import io.billingsdk.broker.HandedPublish.Handover;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.V1Topics;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.broker.BrokerLink.ConnectionListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What our own broker hands over, and to whom: usage to the collector; signs of life, requests for
 * leases and for keys to the one who answers them. Until one of them has been asked for, the broker
 * keeps his messages; while he is away, an instance that publishes one is disconnected, without an
 * acknowledgement.
 *
 * <p>{@link #takes} and {@link #received} run on the event loops of the broker; everything else on
 * any thread.
 */
final class Exchange implements Handover {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  private final String report;
  private final String keysRequest;
  private final OfInstances batches;
  private final OfInstances hellos;
  private final OfInstances leaseRequests;

  private volatile boolean usageWanted;
  private volatile boolean controlWanted;
  private volatile UsageSource.@Nullable Listener usage;
  private volatile @Nullable ConnectionListener control;

  Exchange(String prefix) {
    V2Topics topics = V2Topics.under(prefix);
    this.report = V1Topics.under(prefix).report();
    this.keysRequest = V1Topics.under(prefix).keysRequest();
    this.batches = OfInstances.matching(topics.usageFilter());
    this.hellos = OfInstances.matching(topics.helloFilter());
    this.leaseRequests = OfInstances.matching(topics.leaseRequestsFilter());
  }

  /** The topics that a filter with one {@code +} matches. */
  private record OfInstances(String begin, String end) {
    static OfInstances matching(String filter) {
      int plus = filter.indexOf('+');
      return new OfInstances(filter.substring(0, plus), filter.substring(plus + 1));
    }

    boolean matches(String topic) {
      return topic.length() >= begin.length() + end.length()
          && topic.startsWith(begin)
          && topic.endsWith(end)
          && topic.indexOf('/', begin.length()) == topic.length() - end.length();
    }
  }

  void wantUsage() {
    usageWanted = true;
  }

  void wantControl() {
    controlWanted = true;
  }

  void usageTo(UsageSource.@Nullable Listener listener) {
    usage = listener;
  }

  void controlTo(@Nullable ConnectionListener listener) {
    control = listener;
  }

  boolean takesUsage() {
    return usage != null;
  }

  boolean takesControl() {
    return control != null;
  }

  /** The broker listens. */
  void up() {
    ConnectionListener now = control;
    if (now != null) {
      now.up();
    }
  }

  @Override
  public boolean takes(String topic) {
    return (usageWanted && isUsage(topic)) || (controlWanted && isControl(topic));
  }

  private boolean isUsage(String topic) {
    return topic.equals(report) || batches.matches(topic);
  }

  private boolean isControl(String topic) {
    return topic.equals(keysRequest) || hellos.matches(topic) || leaseRequests.matches(topic);
  }

  @Override
  public void received(HandedPublish publish) {
    if (isUsage(publish.topic())) {
      usage(publish);
    } else {
      control(publish);
    }
  }

  private void usage(HandedPublish publish) {
    UsageSource.Listener now = usage;
    if (now == null) {
      publish.abandon();
    } else {
      now.received(new HandedMessage(publish));
    }
  }

  private void control(HandedPublish publish) {
    ConnectionListener now = control;
    if (now == null) {
      publish.abandon();
    } else if (publish.payload().length > Bounds.BATCH_BYTES) {
      log.debug("a message of {} bytes is ignored", publish.payload().length);
      publish.settle();
      publish.answer();
    } else {
      now.received(new HandedMessage(publish));
    }
  }
}
