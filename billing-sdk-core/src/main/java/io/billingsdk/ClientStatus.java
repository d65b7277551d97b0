package io.billingsdk;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A consistent picture of a client at one moment. Immutable and thread-safe; instances with equal
 * values are equal.
 */
public final class ClientStatus extends PartsValue<ClientStatusParts> {

  private ClientStatus(ClientStatusParts parts) {
    super(parts);
  }

  /**
   * A picture without a problem, of a client that does not know its protocol yet and has met no
   * quota.
   *
   * @param state the state of the connection
   * @param since when that state began
   * @param delivery the counts of the events
   * @param journal the state of the buffer
   * @param keys the state of the key table
   */
  public static ClientStatus of(
      ConnectionState state, Instant since, Delivery delivery, Journal journal, Keys keys) {
    return new ClientStatus(
        new ClientStatusParts(
            state, since, null, delivery, journal, keys, Protocol.AUTO, Quotas.of(0, 0)));
  }

  /** A copy with another {@link #lastProblem}. */
  public ClientStatus withLastProblem(@Nullable Problem lastProblem) {
    return new ClientStatus(parts.withLastProblem(lastProblem));
  }

  /** A copy with another {@link #protocol}. */
  public ClientStatus withProtocol(Protocol protocol) {
    return new ClientStatus(parts.withProtocol(protocol));
  }

  /** A copy with other {@link #quotas}. */
  public ClientStatus withQuotas(Quotas quotas) {
    return new ClientStatus(parts.withQuotas(quotas));
  }

  /** The state of the connection. */
  public ConnectionState state() {
    return parts.state();
  }

  /** When that state began. */
  public Instant since() {
    return parts.since();
  }

  /** The last problem, also when it is over; null if there was none. */
  public @Nullable Problem lastProblem() {
    return parts.lastProblem();
  }

  /** The counts of the events. */
  public Delivery delivery() {
    return parts.delivery();
  }

  /** The state of the buffer. */
  public Journal journal() {
    return parts.journal();
  }

  /** The state of the key table. */
  public Keys keys() {
    return parts.keys();
  }

  /** The protocol in use; {@link Protocol#AUTO} while it is not known yet. */
  public Protocol protocol() {
    return parts.protocol();
  }

  /** Admissions, and the leases that they are taken from. */
  public Quotas quotas() {
    return parts.quotas();
  }

  /** The kinds of problems. */
  public enum ProblemKind {
    /** The broker could not be reached, or the connection broke. */
    NETWORK,
    /** TLS failed: wrong host name, unknown CA, expired certificate, no common version. */
    TLS,
    /** The broker refuses the credentials or the client id. */
    UNAUTHORIZED,
    /** The broker refuses a subscription or a topic: its access rules do not fit this client. */
    FORBIDDEN,
    /**
     * No subscriber takes the reports, or the billing system is offline: events are kept until
     * then.
     */
    NO_RECEIVER,
    /** Events are refused for good and set aside: a wrong clock, a limit, or bad events. */
    REFUSED,
    /** The broker answered with an error, or against the protocol. */
    BROKER,
    /**
     * Local: a PEM file or the credentials supplier failed, or the client itself did: a class that
     * is missing, for example. The log has its stack, once.
     */
    LOCAL
  }

  /** A problem of a client. Immutable and thread-safe; instances with equal values are equal. */
  public static final class Problem extends PartsValue<ProblemParts> {

    private Problem(ProblemParts parts) {
      super(parts);
    }

    /**
     * A problem, for implementations of {@link BillingClient}.
     *
     * @param kind the kind of the problem
     * @param message what it was, for people; free of secrets
     * @param at when
     */
    public static Problem of(ProblemKind kind, String message, Instant at) {
      return new Problem(new ProblemParts(kind, message, at));
    }

    /** The kind of the problem. */
    public ProblemKind kind() {
      return parts.kind();
    }

    /** What it was, for people; free of secrets. */
    public String message() {
      return parts.message();
    }

    /** When. */
    public Instant at() {
      return parts.at();
    }
  }

  /**
   * The loss equation: {@code accepted = delivered + pending + deadLettered + dropped} holds at
   * every moment. Immutable and thread-safe; instances with equal values are equal.
   */
  public static final class Delivery extends PartsValue<DeliveryParts> {

    private Delivery(DeliveryParts parts) {
      super(parts);
    }

    /**
     * Of a client that sets no events aside at the moment.
     *
     * @param accepted events for which {@code report} returned {@link ReportOutcome.Accepted},
     *     those that earlier processes left in the journal, and once more those that came back for
     *     a restored billing system ({@link BillingConfigBuilder#retainDelivered})
     * @param delivered events that arrived: with protocol v2 the billing system has committed them,
     *     with v1 the broker has acknowledged them with success
     * @param pending events in the buffer, whether sent already or not
     * @param deadLettered events that the broker or the billing system refuses for good; they are
     *     set aside, not dropped
     * @param dropped events that were given up: to make room for newer ones, as {@link
     *     WhenFull#dropOldest} wants it, or because the client is switched off; otherwise 0
     * @param rejected events that were never accepted, by reason; reasons with none are absent
     */
    public static Delivery of(
        long accepted,
        long delivered,
        long pending,
        long deadLettered,
        long dropped,
        Map<RejectionReason, Long> rejected) {
      return new Delivery(
          new DeliveryParts(accepted, delivered, pending, deadLettered, dropped, rejected, null));
    }

    /** A copy with another {@link #trouble}. */
    public Delivery withTrouble(@Nullable String trouble) {
      return new Delivery(parts.withTrouble(trouble));
    }

    /**
     * Events for which {@code report} returned {@link ReportOutcome.Accepted}, those that earlier
     * processes left in the journal, and once more those that came back for a restored billing
     * system ({@link BillingConfigBuilder#retainDelivered}).
     */
    public long accepted() {
      return parts.accepted();
    }

    /**
     * Events that arrived: with protocol v2 the billing system has committed them, with v1 the
     * broker has acknowledged them with success.
     */
    public long delivered() {
      return parts.delivered();
    }

    /** Events in the buffer, whether sent already or not. */
    public long pending() {
      return parts.pending();
    }

    /**
     * Events that the broker or the billing system refuses for good; they are set aside, not
     * dropped.
     */
    public long deadLettered() {
      return parts.deadLettered();
    }

    /**
     * Events that were given up: to make room for newer ones, as {@link WhenFull#dropOldest} wants
     * it, or because the client is switched off; otherwise 0.
     */
    public long dropped() {
      return parts.dropped();
    }

    /** Events that were never accepted, by reason; reasons with none are absent. */
    public Map<RejectionReason, Long> rejected() {
      return parts.rejected();
    }

    /**
     * Why events are set aside at the moment, how many in a row, and how they come back, or why the
     * billing system does not take them for now; null once one is delivered.
     */
    public @Nullable String trouble() {
      return parts.trouble();
    }
  }

  /**
   * The buffer of accepted events. Immutable and thread-safe; instances with equal values are
   * equal.
   */
  public static final class Journal extends PartsValue<JournalParts> {

    private Journal(JournalParts parts) {
      super(parts);
    }

    /**
     * A buffer that is well and has nothing pending.
     *
     * @param onDisk whether it is on disk; false for a buffer in memory
     * @param bytes bytes that it holds
     * @param segments files that it consists of; 0 in memory
     */
    public static Journal of(boolean onDisk, long bytes, int segments) {
      return new Journal(new JournalParts(onDisk, bytes, segments, 0, 0, 0, null, null));
    }

    /** A copy with another {@link #quarantined}. */
    public Journal withQuarantined(long quarantined) {
      return new Journal(parts.withQuarantined(quarantined));
    }

    /** A copy with another {@link #unreadable}. */
    public Journal withUnreadable(int unreadable) {
      return new Journal(parts.withUnreadable(unreadable));
    }

    /** A copy with another {@link #unreadableBytes}. */
    public Journal withUnreadableBytes(long unreadableBytes) {
      return new Journal(parts.withUnreadableBytes(unreadableBytes));
    }

    /** A copy with another {@link #oldest}. */
    public Journal withOldest(@Nullable Instant oldest) {
      return new Journal(parts.withOldest(oldest));
    }

    /** A copy with another {@link #trouble}. */
    public Journal withTrouble(@Nullable String trouble) {
      return new Journal(parts.withTrouble(trouble));
    }

    /** Whether it is on disk; false for a buffer in memory. */
    public boolean onDisk() {
      return parts.onDisk();
    }

    /** Bytes that it holds. */
    public long bytes() {
      return parts.bytes();
    }

    /** Files that it consists of; 0 in memory. */
    public int segments() {
      return parts.segments();
    }

    /** Pieces of damaged bytes that were found and kept aside. */
    public long quarantined() {
      return parts.quarantined();
    }

    /**
     * Files that this process leaves alone because they cannot be opened, or their format is newer
     * than this library: an earlier release was started after a later one. Their events are in no
     * other count, and wait for a release that can read them.
     */
    public int unreadable() {
      return parts.unreadable();
    }

    /** Bytes of those whose format is newer. */
    public long unreadableBytes() {
      return parts.unreadableBytes();
    }

    /** When the oldest pending part was begun; null when nothing is pending, or in memory. */
    public @Nullable Instant oldest() {
      return parts.oldest();
    }

    /**
     * Why events are rejected at the moment, or will be soon: the disk is full or fails, the
     * directory was removed or moved, or cannot be written; null when all is well.
     */
    public @Nullable String trouble() {
      return parts.trouble();
    }
  }

  /** The key table. Immutable and thread-safe; instances with equal values are equal. */
  public static final class Keys extends PartsValue<KeysParts> {

    private Keys(KeysParts parts) {
      super(parts);
    }

    /**
     * A table without a version.
     *
     * @param loaded whether an update was ever received
     * @param known keys in the table
     * @param blocked how many of them are blocked
     * @param updatedAt when the last update was received; null if none was
     */
    public static Keys of(boolean loaded, int known, int blocked, @Nullable Instant updatedAt) {
      return new Keys(new KeysParts(loaded, known, blocked, updatedAt, 0));
    }

    /** A copy with another {@link #version}. */
    public Keys withVersion(long version) {
      return new Keys(parts.withVersion(version));
    }

    /** Whether an update was ever received. */
    public boolean loaded() {
      return parts.loaded();
    }

    /** Keys in the table. */
    public int known() {
      return parts.known();
    }

    /** How many of them are blocked. */
    public int blocked() {
      return parts.blocked();
    }

    /** When the last update was received; null if none was. */
    public @Nullable Instant updatedAt() {
      return parts.updatedAt();
    }

    /** Version of the table, which only grows; 0 with protocol v1, which has none. */
    public long version() {
      return parts.version();
    }
  }

  /**
   * Admissions, and the leases that they are taken from. Immutable and thread-safe; instances with
   * equal values are equal.
   */
  public static final class Quotas extends PartsValue<QuotasParts> {

    private Quotas(QuotasParts parts) {
      super(parts);
    }

    /**
     * Of a client that has decided about no call, and has asked for no lease.
     *
     * @param known quotas that calls of this process have met, and that are in use
     * @param leases leases in hand, from which calls are admitted
     */
    public static Quotas of(int known, int leases) {
      return new Quotas(new QuotasParts(known, leases, 0, Map.of(), 0, 0, null));
    }

    /** A copy with other {@link #admitted} and {@link #refused}. */
    public Quotas withCalls(long admitted, Map<DenialReason, Long> refused) {
      return new Quotas(parts.withCalls(admitted, refused));
    }

    /** A copy with other {@link #requests}, {@link #unanswered} and {@link #waitingSince}. */
    public Quotas withRequests(long requests, long unanswered, @Nullable Instant waitingSince) {
      return new Quotas(parts.withRequests(requests, unanswered, waitingSince));
    }

    /** Quotas that calls of this process have met; without use one is forgotten after 10 min. */
    public int known() {
      return parts.known();
    }

    /** Leases in hand, from which calls are admitted: at most one of a quota and period. */
    public int leases() {
      return parts.leases();
    }

    /** Calls that {@link BillingClient#admit} has let in. */
    public long admitted() {
      return parts.admitted();
    }

    /**
     * Calls of known keys that it has refused, by reason; reasons with none are absent. {@link
     * DenialReason#UNAVAILABLE}: no lease of a quota, or no share of a rate, was here in time.
     */
    public Map<DenialReason, Long> refused() {
      return parts.refused();
    }

    /** Requests for leases and shares, each counted once. */
    public long requests() {
      return parts.requests();
    }

    /**
     * How often a request had no answer in time and was sent again, or was forbidden by the broker.
     */
    public long unanswered() {
      return parts.unanswered();
    }

    /** When the request that waits for its answer was sent first; null when none waits. */
    public @Nullable Instant waitingSince() {
      return parts.waitingSince();
    }
  }
}
