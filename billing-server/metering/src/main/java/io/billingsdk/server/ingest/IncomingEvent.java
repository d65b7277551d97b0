package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.protocol.StreamSecret;
import io.billingsdk.server.ledger.LedgerTransaction.KeyOwner;
import io.billingsdk.server.ledger.Streams.StreamOrigin;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One event on its way into the ledger, and what became of it. For the writer's thread. */
final class IncomingEvent {
  /** What became of it. */
  enum Fate {
    PENDING,
    COMMITTED,
    DUPLICATE,
    REJECTED,
    /** Not taken now; its instance hears so, keeps it, and sends it again. */
    DEFERRED
  }

  private final UUID stream;
  private final @Nullable String instance;
  private final StreamOrigin origin;
  private final ReceivedEvent event;
  private final boolean timed;
  private final @Nullable StreamSecret secret;
  private boolean turnedAway;
  private @Nullable KeyOwner owner;
  private Fate fate = Fate.PENDING;
  private String code = "";
  private String detail = "";
  private boolean held;
  private @Nullable Long clockOffset;
  private String sender;
  private @Nullable Boolean kept;

  /** Of a sender that numbers its events: with an instance by protocol v2, without one by v1. */
  IncomingEvent(UUID stream, @Nullable String instance, ReceivedEvent event) {
    this(stream, instance, event, null);
  }

  /** The same, from a message with a proof that the stream is its sender's; null without one. */
  IncomingEvent(
      UUID stream, @Nullable String instance, ReceivedEvent event, @Nullable StreamSecret secret) {
    this(
        stream,
        instance,
        instance == null ? StreamOrigin.V1 : StreamOrigin.V2,
        event,
        /* timed= */ false,
        secret);
  }

  private IncomingEvent(
      UUID stream,
      @Nullable String instance,
      StreamOrigin origin,
      ReceivedEvent event,
      boolean timed,
      @Nullable StreamSecret secret) {
    this.stream = stream;
    this.instance = instance;
    this.origin = origin;
    this.event = event;
    this.timed = timed;
    this.secret = secret;
    this.sender = instance == null ? "" : instance;
  }

  /** The same, with the login that sent it. */
  IncomingEvent sentBy(String login) {
    sender = login;
    return this;
  }

  /** Who sent it; empty when that is not known. */
  String sender() {
    return sender;
  }

  /** Whether its sender said when it happened; if not, a repeat may have another time. */
  boolean isTimed() {
    return timed;
  }

  /** In a stream of this server's own, which numbers what comes. */
  static IncomingEvent numberedHere(UUID stream, StreamOrigin origin, ReceivedEvent event) {
    return numberedHere(stream, origin, event, /* timed= */ false);
  }

  static IncomingEvent numberedHere(
      UUID stream, StreamOrigin origin, ReceivedEvent event, boolean timed) {
    return new IncomingEvent(stream, null, origin, event, timed, null);
  }

  /** Says how far its sender's clock was ahead of this server's when it came, if that is known. */
  IncomingEvent withClock(@Nullable Long offsetMillis) {
    clockOffset = offsetMillis;
    return this;
  }

  @Nullable Long clockOffset() {
    return clockOffset;
  }

  UUID stream() {
    return stream;
  }

  @Nullable String instance() {
    return instance;
  }

  StreamOrigin origin() {
    return origin;
  }

  /** The proof that came with it; null for none. */
  @Nullable StreamSecret secret() {
    return secret;
  }

  /** Whether its instance numbers it and speaks v1: it hears of no refusal. */
  boolean isOfV1() {
    return origin == StreamOrigin.V1;
  }

  ReceivedEvent event() {
    return event;
  }

  long seq() {
    return event.seq();
  }

  Fate fate() {
    return fate;
  }

  String code() {
    return code;
  }

  String detail() {
    return detail;
  }

  /** To whom it was counted; null when it was not. */
  @Nullable KeyOwner owner() {
    return owner;
  }

  void countFor(KeyOwner whom) {
    setFate(Fate.COMMITTED);
    owner = whom;
  }

  /** Whether it is kept as a row when it is refused; decided once, however often it is stored. */
  boolean decideKept(BooleanSupplier decision) {
    Boolean decided = kept;
    if (decided == null) {
      decided = decision.getAsBoolean();
      kept = decided;
    }
    return decided;
  }

  /** Whether it is refused and no row is kept of it. */
  boolean isLeftOut() {
    return fate == Fate.REJECTED && Boolean.FALSE.equals(kept);
  }

  /** Whether it is refused for now alone, and is to be sent again. */
  boolean isDeferred() {
    return fate == Fate.DEFERRED;
  }

  /** Whether it was let in, and is to be sent again all the same. */
  boolean isSentBack() {
    return isDeferred() && !turnedAway;
  }

  /** Refused for good it would be lost, since no more of its sender is kept. */
  void deferForNow() {
    fate = Fate.DEFERRED;
  }

  /** Sets its fate; a transaction that is done again sets it again. */
  void setFate(Fate next) {
    fate = next;
    code = "";
    detail = "";
    held = false;
  }

  /** It may have its number: whether it is stored is decided by what it says. */
  void letIn() {
    turnedAway = false;
    setFate(Fate.PENDING);
  }

  /** It may not have its number, for good. */
  void turnAway(String why, String explained) {
    turnedAway = true;
    reject(why, explained);
  }

  /** It may not have its number now; of v1, which would not hear so, for good. */
  void turnAwayForNow(String why, String explained) {
    turnAway(why, explained);
    if (!isOfV1()) {
      fate = Fate.DEFERRED;
    }
  }

  /** Whether its number is decided on already, and against it. */
  boolean wasTurnedAway() {
    return turnedAway;
  }

  void reject(String why, String explained) {
    fate = Fate.REJECTED;
    code = why;
    detail = explained;
    held = false;
  }

  /** As {@link #reject}, for now: it may be taken later. */
  void hold(String why, String explained) {
    reject(why, explained);
    held = true;
  }

  /** Whether its instance is to send it again. */
  boolean isToBeSentAgain() {
    return held || isDeferred();
  }

  /** Whether it is rejected for now only. */
  boolean isHeld() {
    return held;
  }
}
