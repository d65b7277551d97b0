package io.billingsdk.cli.doctor;

import io.billingsdk.broker.TopicRule;
import java.util.List;
import java.util.stream.Stream;

/** What users of a broker may do: as docs/brokers has it. */
final class Rules {
  static final List<TopicRule> ALL = List.of(new TopicRule("#", true, true));

  private Rules() {}

  static List<TopicRule> instance(String prefix) {
    return Stream.concat(
            Stream.of(
                    "v2/%c/usage",
                    "v2/%c/hello", "v2/%c/lease-requests", "report", "keys/request", "heartbeat")
                .map(topic -> new TopicRule(prefix + "/" + topic, true, false)),
            Stream.of(
                    "v2/%c/receipts",
                    "v2/%c/leases", "v2/%c/keys", "v2/keys", "v2/collector", "keys/update")
                .map(topic -> new TopicRule(prefix + "/" + topic, false, true)))
        .toList();
  }

  static List<TopicRule> without(String part, List<TopicRule> rules) {
    return rules.stream().filter(rule -> !rule.filter().contains(part)).toList();
  }
}
