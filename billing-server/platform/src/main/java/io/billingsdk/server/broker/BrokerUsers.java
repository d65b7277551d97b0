package io.billingsdk.server.broker;

import com.hivemq.extension.sdk.api.packets.disconnect.DisconnectReasonCode;
import io.billingsdk.broker.EmbeddedBroker;
import io.billingsdk.server.broker.Instances.Instance;
import io.billingsdk.server.broker.Instances.InstanceKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps the users of a broker at what the files of the instances say: lets new ones in, and those
 * that are gone out. For one thread.
 */
final class BrokerUsers {
  /** One a second: longer than a client takes to be let in. */
  private static final int LOOKS = 30;

  private final EmbeddedBroker broker;
  private final Instances instances;
  private final String prefix;

  /** Who is let in, by which password. */
  private final Map<String, Instance> admitted = new HashMap<>();

  private final Set<String> revoked = new HashSet<>();

  /**
   * Those that share a login and were revoked, and how many more looks at their clients are due.
   */
  private final Map<String, Integer> leaving = new HashMap<>();

  BrokerUsers(EmbeddedBroker broker, Instances instances, String prefix) {
    this.broker = broker;
    this.instances = instances;
    this.prefix = prefix;
  }

  /** Does what has become necessary since the last call. */
  void follow() {
    List<Instance> present = instances.all();
    Set<Instance> still = Set.copyOf(present);
    for (Instance each : List.copyOf(admitted.values())) {
      // Created again meanwhile, it has another password: clients with the old one must go as well.
      if (!still.contains(each)) {
        broker.removeUser(each.name());
        admitted.remove(each.name());
        if (each.kind() == InstanceKind.V1) {
          leaving.put(each.name(), LOOKS);
        } else {
          revoked.add(each.name());
        }
      }
    }
    // Each time: one that was just being let in when it was revoked had no connection yet.
    revoked.forEach(name -> broker.disconnect(name, DisconnectReasonCode.NOT_AUTHORIZED));
    leaving.keySet().forEach(this::endShared);
    leaving.replaceAll((name, looks) -> looks - 1);
    leaving.values().removeIf(looks -> looks == 0);
    for (Instance each : present) {
      if (!admitted.containsKey(each.name())) {
        // Absent when it was revoked since the look at the directory.
        instances
            .knownPasswordOf(each.name(), each.kind())
            .ifPresent(password -> admit(each, password));
      }
    }
  }

  private void endShared(String name) {
    broker.disconnectShared(name, DisconnectReasonCode.NOT_AUTHORIZED);
  }

  private void admit(Instance instance, String password) {
    if (instance.kind() == InstanceKind.V1) {
      // Made again meanwhile: what the old password let in goes now, and the new one stays.
      if (leaving.remove(instance.name()) != null) {
        endShared(instance.name());
      }
      broker.addSharedUser(instance.name(), password, TopicRights.ofV1Instances(prefix));
    } else {
      broker.addBoundUser(instance.name(), password, TopicRights.ofInstances(prefix));
    }
    admitted.put(instance.name(), instance);
    revoked.remove(instance.name());
  }
}
