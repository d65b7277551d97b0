package io.billingsdk.server.control;

import io.billingsdk.protocol.LeaseGrant;
import io.billingsdk.protocol.LeaseRequest;
import io.billingsdk.protocol.MalformedMessageException;
import io.billingsdk.server.control.InstanceLeases.LeaseAnswer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** The server's side of requests for leases, without a broker: the same bytes, the same code. */
public final class LeaseBridge {
  private final InstanceLeases server;
  private final UUID ledger;
  private final UnaryOperator<LeaseAnswer> fault;

  /**
   * To a server.
   *
   * @param fault what is wrong with its answers, to see that somebody notices
   */
  public LeaseBridge(InstanceLeases server, UUID ledger, UnaryOperator<LeaseAnswer> fault) {
    this.server = server;
    this.ledger = ledger;
    this.fault = fault;
  }

  /** What is sent when an instance asks: to itself, and to others, by their names. */
  public Map<String, LeaseGrant> ask(String instance, byte[] request)
      throws MalformedMessageException {
    Map<String, LeaseGrant> messages = new LinkedHashMap<>();
    for (LeaseAnswer each :
        server.ask(instance, LeaseMessages.question(LeaseRequest.decode(request)))) {
      byte[] sent = LeaseMessages.grant(fault.apply(each), ledger).encode();
      messages.put(each.instance(), LeaseGrant.decode(sent));
    }
    return messages;
  }

  /** An instance has said hello. */
  public void heard(String instance, UUID stream, boolean isEmpty) {
    server.heard(instance, stream, isEmpty);
  }
}
