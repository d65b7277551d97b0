package io.billingsdk.internal.client;

import io.billingsdk.BillingConfig;
import io.billingsdk.ClientStatus;
import io.billingsdk.internal.delivery.EventDelivery;
import io.billingsdk.internal.journal.EventJournal;
import io.billingsdk.internal.keys.KeyTable;
import io.billingsdk.internal.link.BrokerLink;
import io.billingsdk.internal.link.LinkSettings;
import io.billingsdk.internal.quotas.QuotaKeeper;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a client, each made of those above it. It lists them and does nothing else: {@link
 * ClientLifecycle} begins and ends them. Inert.
 */
final class ClientAssembly {
  private final ClientTopics topics;
  private final Negotiation negotiation;
  private final Listeners listeners;
  private final StatusBoard board;
  private final SetAside setAside;
  private final ClientJournal journal;
  private final KeyTable keys;
  private final SmallFiles files;
  private final LinkSettings linkSettings;
  private final BrokerLink link;
  private final EventDelivery delivery;
  private final Intake intake;
  private final QuotaKeeper quotas;
  private final ProtocolSession session;

  /**
   * Makes them all.
   *
   * @param given the journal; null for that of the configuration
   * @param status what listeners are shown after a change
   * @param onFirstKeys run when the key table is there, and any number of times after that
   * @param durably how a durable report is answered
   */
  ClientAssembly(
      ClientContext context,
      @Nullable EventJournal given,
      Supplier<ClientStatus> status,
      Runnable onFirstKeys,
      DurableReports durably) {
    BillingConfig config = context.config();
    topics = ClientTopics.of(config);
    negotiation = new Negotiation(config.protocol(), topics.v1(), topics.v2(), topics.instance());
    listeners = new Listeners(context.callbacks());
    board = board(context, listeners, status);
    setAside = new SetAside(context.clock(), board, PartSettings.wayBack(config));
    journal = ClientJournal.of(config, given, context.clock());
    keys = new KeyTable(context.clock(), config.maxKeyStaleness());
    files = new SmallFiles(context, negotiation, keys);
    linkSettings = PartSettings.link(config, topics.instance(), negotiation);
    link = BrokerLink.mqtt(linkSettings, context.faults(), context.clock(), context.scheduler());
    delivery =
        new EventDelivery(
            PartSettings.delivery(config, topics, files.secrets()),
            journal(),
            link,
            context.clock(),
            context.scheduler(),
            new DeliveryNews(board, setAside, listeners));
    intake = new Intake(journal(), keys, context.clock(), negotiation::spoken, context.faults());
    quotas =
        new QuotaKeeper(
            config.whenQuotaUnknown(),
            keys,
            new AdmittedReports(intake, durably),
            new LeaseTransport(journal(), link, files.secrets(), topics),
            context.clock(),
            context.scheduler(),
            PartSettings.leaseRequests());
    session =
        session(
            context, new KeyFeeds(context, keys, signs(context), files, listeners, onFirstKeys));
    context.faults().tell(board::failedInside);
    journal().onAvailable(delivery::wake);
  }

  private static StatusBoard board(
      ClientContext context, Listeners listeners, Supplier<ClientStatus> status) {
    return new StatusBoard(
        context.config().host() + ":" + context.config().port(),
        context.clock(),
        () -> {
          ClientStatus now = status.get();
          listeners.tell(listener -> listener.statusChanged(now));
        });
  }

  private SignsOfLife signs(ClientContext context) {
    HelloFactory hellos =
        new HelloFactory(
            journal(),
            keys,
            intake,
            context.clock(),
            context.config().journalInMemory().isEmpty(),
            files.secrets());
    return new SignsOfLife(topics, negotiation, hellos, link, context.clock());
  }

  private ProtocolSession session(ClientContext context, KeyFeeds feeds) {
    return new ProtocolSession(
        topics.v1(),
        topics.v2(),
        negotiation,
        files::rememberV2,
        context.scheduler(),
        new ProtocolSession.Parts(
            link,
            delivery,
            new Heartbeat(context.scheduler(), context.config().heartbeatInterval(), feeds::beat),
            feeds.v1(),
            feeds.v2(),
            quotas.line()),
        board);
  }

  Negotiation negotiation() {
    return negotiation;
  }

  Listeners listeners() {
    return listeners;
  }

  StatusBoard board() {
    return board;
  }

  SetAside setAside() {
    return setAside;
  }

  /** The journal as it was made, to be opened. */
  ClientJournal clientJournal() {
    return journal;
  }

  /** The journal that events go to. */
  EventJournal journal() {
    return journal.journal();
  }

  KeyTable keys() {
    return keys;
  }

  SmallFiles files() {
    return files;
  }

  LinkSettings linkSettings() {
    return linkSettings;
  }

  BrokerLink link() {
    return link;
  }

  EventDelivery delivery() {
    return delivery;
  }

  Intake intake() {
    return intake;
  }

  QuotaKeeper quotas() {
    return quotas;
  }

  ProtocolSession session() {
    return session;
  }
}
