package io.billingsdk.testbed;

import io.billingsdk.broker.TopicRule;
import java.util.List;
import java.util.Locale;

/**
 * A user of every {@link TestBroker}, with its password and its topics of both wire versions under
 * the prefix {@code billing}.
 */
public enum Role {
  /** The SDK in a host application. */
  SDK,
  /** The billing system. */
  SYSTEM,
  /** A test that listens to everything and says nothing. */
  SPY;

  /** The user name. */
  public String user() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The password: long and odd enough that finding it in a log is no accident. */
  public String password() {
    return "canary-Zq4v-" + user() + "-password";
  }

  /** What the broker lets it do. */
  public List<TopicRule> rules() {
    return switch (this) {
      case SDK ->
          List.of(
              publish("billing/report"),
              publish("billing/keys/request"),
              publish("billing/heartbeat"),
              subscribe("billing/keys/update"),
              publish("billing/v2/+/usage"),
              publish("billing/v2/+/hello"),
              publish("billing/v2/+/lease-requests"),
              subscribe("billing/v2/collector"),
              subscribe("billing/v2/+/receipts"),
              subscribe("billing/v2/+/leases"),
              subscribe("billing/v2/+/keys"),
              subscribe("billing/v2/keys"));
      case SYSTEM ->
          List.of(
              publish("billing/keys/update"),
              subscribe("billing/report"),
              subscribe("billing/keys/request"),
              subscribe("billing/heartbeat"),
              publish("billing/v2/collector"),
              publish("billing/v2/+/receipts"),
              publish("billing/v2/+/leases"),
              publish("billing/v2/+/keys"),
              publish("billing/v2/keys"),
              subscribe("billing/v2/+/usage"),
              subscribe("billing/v2/+/hello"),
              subscribe("billing/v2/+/lease-requests"),
              // Servers see each other's Will.
              subscribe("billing/v2/collector"));
      case SPY -> List.of(subscribe("billing/#"));
    };
  }

  private static TopicRule publish(String topic) {
    return new TopicRule(topic, true, false);
  }

  private static TopicRule subscribe(String filter) {
    return new TopicRule(filter, false, true);
  }
}
