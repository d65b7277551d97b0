package io.billingsdk.protocol;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The topics of protocol v2. An instance is named by its MQTT client id, so that one access rule
 * fits a fleet. An answer takes the instance from the topic, never from a payload.
 *
 * @param prefix the first part of every topic
 */
public record V2Topics(String prefix) {
  private static final String LEASE_REQUESTS = "lease-requests";
  private static final Pattern INSTANCE = Pattern.compile("/v2/([A-Za-z0-9_-]{1,64})/[a-z-]+");

  /** The topics under a prefix, by default {@code billing}. */
  public static V2Topics under(String prefix) {
    return new V2Topics(prefix);
  }

  /** Presence of the server: retained, and its Will. */
  public String collector() {
    return prefix + "/v2/collector";
  }

  /** Batches of usage, from an instance. */
  public String usage(String instance) {
    return of(instance, "usage");
  }

  /** Receipts, to an instance. */
  public String receipts(String instance) {
    return of(instance, "receipts");
  }

  /** Signs of life, from an instance. */
  public String hello(String instance) {
    return of(instance, "hello");
  }

  /** The snapshot of the key table, to the instance that asked. */
  public String keys(String instance) {
    return of(instance, "keys");
  }

  /** Changes of the key table, to all. */
  public String keys() {
    return prefix + "/v2/keys";
  }

  /** Requests for leases of quotas and for shares of rates, from an instance. */
  public String leaseRequests(String instance) {
    return of(instance, LEASE_REQUESTS);
  }

  /** Leases and shares, to an instance. */
  public String leases(String instance) {
    return of(instance, "leases");
  }

  /** Matches the requests for leases of every instance. */
  public String leaseRequestsFilter() {
    return of("+", LEASE_REQUESTS);
  }

  /** Whether a topic of an instance is that of its requests for leases. */
  public static boolean isLeaseRequests(String topic) {
    return topic.endsWith("/" + LEASE_REQUESTS);
  }

  /** Matches the usage of every instance. */
  public String usageFilter() {
    return of("+", "usage");
  }

  /** Matches the signs of life of every instance. */
  public String helloFilter() {
    return of("+", "hello");
  }

  /** A filter whose messages each reach one subscriber of the group. */
  public static String shared(String group, String filter) {
    return "$share/" + group + "/" + filter;
  }

  /** The instance that a topic belongs to; empty when it is of none, or its name is not one. */
  public Optional<String> instanceOf(String topic) {
    if (!topic.startsWith(prefix)) {
      return Optional.empty();
    }
    Matcher rest = INSTANCE.matcher(topic).region(prefix.length(), topic.length());
    return rest.matches() ? Optional.of(rest.group(1)) : Optional.empty();
  }

  private String of(String instance, String what) {
    return prefix + "/v2/" + instance + "/" + what;
  }
}
