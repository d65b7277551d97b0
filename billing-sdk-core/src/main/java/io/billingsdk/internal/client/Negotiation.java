package io.billingsdk.internal.client;

import io.billingsdk.Protocol;
import io.billingsdk.internal.link.Subscriptions;
import io.billingsdk.protocol.V1Topics;
import io.billingsdk.protocol.V2Topics;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which protocol is spoken: the one that is set, or the one that the billing system has shown. From
 * v2 there is no way back. Thread-safe.
 */
final class Negotiation {
  private final Protocol setting;
  private final List<String> v1Filters;
  private final List<String> v2Filters;

  /** Of a topic that an access list of an earlier version does not know. */
  private final List<String> v2FiltersWithLeases;

  private volatile Protocol spoken;

  Negotiation(Protocol setting, V1Topics v1, V2Topics v2, String instance) {
    this.setting = setting;
    this.spoken = setting;
    this.v1Filters = List.of(v1.keysUpdate());
    this.v2Filters = List.of(v2.collector(), v2.receipts(instance), v2.keys(instance), v2.keys());
    this.v2FiltersWithLeases =
        Stream.concat(v2Filters.stream(), Stream.of(v2.leases(instance))).toList();
  }

  /** The protocol in use; {@link Protocol#AUTO} while it is not known. */
  Protocol spoken() {
    return spoken;
  }

  /** Whether v2 may be spoken at all. */
  boolean mayBeV2() {
    return setting != Protocol.V1;
  }

  /** A system of v1 has shown itself; whether that is news. */
  synchronized boolean sawV1() {
    if (spoken != Protocol.AUTO) {
      return false;
    }
    spoken = Protocol.V1;
    return true;
  }

  /** A system of v2 has shown itself; whether that is news. */
  synchronized boolean sawV2() {
    if (setting != Protocol.AUTO || spoken == Protocol.V2) {
      return false;
    }
    spoken = Protocol.V2;
    return true;
  }

  /** What to subscribe to with the next connection. */
  Subscriptions subscriptions() {
    if (spoken == Protocol.V2) {
      return new Subscriptions(List.of(v2FiltersWithLeases, v2Filters));
    }
    return setting == Protocol.V1
        ? Subscriptions.allOf(v1Filters)
        : new Subscriptions(List.of(v1Filters, v2Filters, v2FiltersWithLeases));
  }
}
