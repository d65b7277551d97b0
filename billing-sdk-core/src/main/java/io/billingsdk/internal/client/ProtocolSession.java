package io.billingsdk.internal.client;

import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.ConnectionState;
import io.billingsdk.Protocol;
import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.MessageLog;
import io.billingsdk.internal.delivery.EventDelivery;
import io.billingsdk.internal.keys.V1KeyFeed;
import io.billingsdk.internal.keys.V2KeyFeed;
import io.billingsdk.internal.link.BrokerLink;
import io.billingsdk.internal.link.LinkLimits;
import io.billingsdk.internal.link.LinkObserver;
import io.billingsdk.internal.quotas.LeaseLine;
import io.billingsdk.internal.time.Scheduler;
import io.billingsdk.internal.time.Scheduler.Cancellable;
import io.billingsdk.protocol.KeyUpdate;
import io.billingsdk.protocol.LeaseGrant;
import io.billingsdk.protocol.MalformedMessageException;
import io.billingsdk.protocol.Presence;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.V1Topics;
import io.billingsdk.protocol.V2Topics;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives from the billing system and notifies the other parts: finds out which protocol it
 * speaks, and lets those parts speak that speak it.
 *
 * <p>Confined to the scheduler's thread, except {@link #received}.
 */
final class ProtocolSession implements LinkObserver {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.CLIENT);
  private final MessageLog messages = new MessageLog(log);

  /**
   * Retained messages come right after the subscription. A request of v1 before that would be
   * against the access rules of a system of v2, and could cost the connection.
   */
  private static final Duration GRACE = Duration.ofMillis(200);

  private final V1Topics v1;
  private final V2Topics v2;
  private final Negotiation negotiation;
  private final Runnable remember;
  private final Scheduler scheduler;
  private final Parts parts;
  private final StatusBoard board;
  private final PeerDiscoveryTimer peerDiscoveryTimer;

  private boolean up;
  private @Nullable Presence presence;
  private @Nullable Cancellable grace;

  /** The parts to notify. Heartbeats are of the protocol that is spoken when they are sent. */
  record Parts(
      BrokerLink link,
      EventDelivery delivery,
      Heartbeat heartbeat,
      V1KeyFeed updates,
      V2KeyFeed versioned,
      LeaseLine leases) {}

  /**
   * Does nothing yet.
   *
   * @param remember run when v2 is seen for the first time
   */
  ProtocolSession(
      V1Topics v1,
      V2Topics v2,
      Negotiation negotiation,
      Runnable remember,
      Scheduler scheduler,
      Parts parts,
      StatusBoard board) {
    this.v1 = v1;
    this.v2 = v2;
    this.negotiation = negotiation;
    this.remember = remember;
    this.scheduler = scheduler;
    this.parts = parts;
    this.board = board;
    this.peerDiscoveryTimer = new PeerDiscoveryTimer(v1, v2, scheduler, board);
  }

  /** To be called once before the link is started. */
  void begin() {
    parts.delivery().speak(negotiation.spoken());
  }

  @Override
  public void up(LinkLimits limits) {
    up = true;
    switch (negotiation.spoken()) {
      case AUTO -> {
        grace = scheduler.schedule(this::speakV1, GRACE);
        peerDiscoveryTimer.await();
      }
      case V1 -> speakV1();
      case V2 -> speakV2();
    }
    parts.delivery().up(limits);
  }

  @Override
  public void down() {
    up = false;
    endGrace();
    peerDiscoveryTimer.pause();
    parts.delivery().down();
    parts.heartbeat().down();
    parts.updates().down();
    parts.versioned().down();
    parts.leases().down();
  }

  @Override
  public void received(String topic, byte[] payload) {
    try {
      if (topic.equals(v1.keysUpdate())) {
        keyUpdate(payload);
      } else if (!negotiation.mayBeV2()) {
        log.trace("a message on {} is ignored", topic);
      } else if (topic.equals(v2.collector())) {
        Presence seen = Presence.decode(payload);
        scheduler.execute(() -> presence(seen));
      } else if (topic.endsWith("/receipts")) {
        Receipt receipt = Receipt.decode(payload);
        scheduler.execute(() -> parts.delivery().receipt(receipt));
      } else if (topic.endsWith("/leases")) {
        LeaseGrant grant = LeaseGrant.decode(payload);
        scheduler.execute(() -> parts.leases().granted(grant));
      } else if (negotiation.spoken() == Protocol.V2) {
        parts.versioned().received(payload);
      }
    } catch (MalformedMessageException malformed) {
      messages.warn(
          "a message of {} bytes on {} is ignored: {}",
          payload.length,
          topic,
          malformed.getMessage());
    }
  }

  @Override
  public void state(ConnectionState state, @Nullable ProblemKind kind, String message) {
    board.connection(state, kind, message);
  }

  /** On the thread of the MQTT client, so that a block works at once. */
  private void keyUpdate(byte[] payload) {
    if (negotiation.spoken() == Protocol.V2) {
      return; // Its keys have no versions: an old one could revive a key.
    }
    KeyUpdate update = parts.updates().decode(payload);
    if (update == null) {
      return;
    }
    if (update.protocol() >= 2 && negotiation.mayBeV2()) {
      scheduler.execute(this::adoptV2ByUpdate);
      return;
    }
    if (negotiation.sawV1()) {
      log.info("the billing system speaks protocol v1");
      scheduler.execute(this::adoptedV1);
    }
    parts.updates().take(update);
  }

  private void presence(Presence seen) {
    if (seen.protocol() < 2) {
      return;
    }
    if (!seen.online() && negotiation.spoken() != Protocol.V2) {
      // Retained, it outlives a system that was tried and taken away: from v2 there is no way back.
      log.trace("a billing system of protocol v2 was here and has gone");
      return;
    }
    presence = seen;
    parts.delivery().presence(seen);
    if (seen.online() && seen.ledger() != null) {
      parts.leases().ledger(seen.ledger());
    }
    if (!adoptV2() && up) {
      followPresence();
    }
  }

  private void adoptedV1() {
    peerDiscoveryTimer.came();
    parts.delivery().speak(negotiation.spoken());
  }

  private void followPresence() {
    Presence known = presence;
    if (known == null || known.online()) {
      parts.versioned().up();
      parts.leases().up();
    } else {
      // Nobody sends keys from now on: the table grows old.
      parts.versioned().down();
      parts.leases().down();
    }
  }

  private void adoptV2ByUpdate() {
    if (adoptV2()) {
      // Its topics may not have been granted when v1 would do.
      parts.link().reconnect("the billing system speaks protocol v2");
    }
  }

  private boolean adoptV2() {
    if (!negotiation.sawV2()) {
      return false;
    }
    log.info("the billing system speaks protocol v2");
    remember.run();
    endGrace();
    peerDiscoveryTimer.came();
    parts.updates().down();
    parts.heartbeat().down();
    parts.delivery().speak(Protocol.V2);
    if (up) {
      speakV2();
    }
    return true;
  }

  private void endGrace() {
    if (grace != null) {
      grace.cancel();
      grace = null;
    }
  }

  private void speakV1() {
    grace = null;
    parts.updates().up();
    parts.heartbeat().up();
  }

  private void speakV2() {
    followPresence();
    parts.heartbeat().upLater();
  }
}
