package io.billingsdk.server;

import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.broker.OwnBroker;
import io.billingsdk.server.broker.UsageSource;
import io.billingsdk.server.common.Counts;
import io.billingsdk.server.control.ControlChannel;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The server's ends of a broker: its own, or one elsewhere.
 *
 * @param listen begins to serve clients; for when both ends are there, and not before: an instance
 *     that publishes earlier would be turned away
 */
record ServerBroker(ControlChannel.Dial dial, UsageSource usage, Supplier<BrokerAddress> listen) {
  private static final long ADMIT_SECONDS = 1;

  /** The ends that the settings ask for. */
  static ServerBroker of(ServerSettings settings, Counts counts, StartedParts parts) {
    BrokerAddress elsewhere = settings.broker();
    DataDirectory directory = new DataDirectory(settings.dataDirectory());
    String prefix = settings.prefix();
    if (elsewhere != null) {
      DataDirectory.forget(directory.brokerPort());
      OwnBroker.forgetRun(directory.broker());
      String id = "collector-" + directory.secrets().of("collector-id").substring(0, 8);
      return new ServerBroker(
          ControlChannel.at(elsewhere, id, prefix),
          UsageSource.subscribed(elsewhere, id, prefix),
          () -> elsewhere);
    }
    // Ended after its ends, although it is started after them.
    OwnBroker own =
        parts.add(new OwnBroker(directory.broker(), prefix, settings.brokerPort(), counts));
    return new ServerBroker(own::control, own.usage(), () -> start(own, directory, parts));
  }

  private static BrokerAddress start(OwnBroker own, DataDirectory directory, StartedParts parts) {
    own.start();
    DataDirectory.writePort(directory.brokerPort(), own.address().port());
    ScheduledExecutorService admission =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "billing-admission");
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        admission.scheduleWithFixedDelay(
            own::admitInstances, ADMIT_SECONDS, ADMIT_SECONDS, TimeUnit.SECONDS);
    parts.add(admission::shutdownNow);
    return own.address();
  }
}
