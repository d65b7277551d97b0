package io.billingsdk.server.broker;

import io.billingsdk.broker.TopicRule;
import java.util.ArrayList;
import java.util.List;

/** Who may use which topics; the same rules are in docs/brokers for other brokers. */
final class TopicRights {
  private TopicRights() {}

  /** An instance: its own topics of protocol v2, named by its client id, and those of v1. */
  static List<TopicRule> ofInstances(String prefix) {
    List<TopicRule> rules =
        new ArrayList<>(
            List.of(
                publish(prefix + "/v2/%c/usage"),
                publish(prefix + "/v2/%c/hello"),
                publish(prefix + "/v2/%c/lease-requests"),
                subscribe(prefix + "/v2/%c/receipts"),
                subscribe(prefix + "/v2/%c/leases"),
                subscribe(prefix + "/v2/%c/keys"),
                subscribe(prefix + "/v2/keys"),
                subscribe(prefix + "/v2/collector")));
    rules.addAll(ofV1Instances(prefix));
    return List.copyOf(rules);
  }

  /** An instance of protocol v1: the topics of that protocol, which all share. */
  static List<TopicRule> ofV1Instances(String prefix) {
    return List.of(
        publish(prefix + "/report"),
        publish(prefix + "/keys/request"),
        publish(prefix + "/heartbeat"),
        subscribe(prefix + "/keys/update"));
  }

  /** The server: the other end of each. */
  static List<TopicRule> ofServer(String prefix) {
    return List.of(
        subscribe(prefix + "/v2/+/usage"),
        subscribe(prefix + "/v2/+/hello"),
        subscribe(prefix + "/v2/+/lease-requests"),
        publish(prefix + "/v2/+/leases"),
        publish(prefix + "/v2/+/receipts"),
        publish(prefix + "/v2/+/keys"),
        publish(prefix + "/v2/keys"),
        new TopicRule(prefix + "/v2/collector", true, true),
        subscribe(prefix + "/report"),
        subscribe(prefix + "/keys/request"),
        subscribe(prefix + "/heartbeat"),
        publish(prefix + "/keys/update"));
  }

  private static TopicRule publish(String filter) {
    return new TopicRule(filter, true, false);
  }

  private static TopicRule subscribe(String filter) {
    return new TopicRule(filter, false, true);
  }
}
