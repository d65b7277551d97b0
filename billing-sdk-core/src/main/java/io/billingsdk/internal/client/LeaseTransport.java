package io.billingsdk.internal.client;

import io.billingsdk.internal.delivery.StreamSecrets;
import io.billingsdk.internal.journal.EventJournal;
import io.billingsdk.internal.link.BrokerLink;
import io.billingsdk.internal.link.PublishResult;
import io.billingsdk.internal.quotas.LeaseWire;
import io.billingsdk.protocol.StreamSecret;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What leases need of the journal and the link. Confined to the scheduler's thread. */
final class LeaseTransport implements LeaseWire {
  private final EventJournal journal;
  private final BrokerLink link;
  private final StreamSecrets secrets;
  private final String topic;

  LeaseTransport(
      EventJournal journal, BrokerLink link, StreamSecrets secrets, ClientTopics topics) {
    this.journal = journal;
    this.link = link;
    this.secrets = secrets;
    this.topic = topics.v2().leaseRequests(topics.instance());
  }

  @Override
  public UUID stream() {
    return journal.stream();
  }

  @Override
  public @Nullable StreamSecret secret(UUID stream) {
    return secrets.of(stream);
  }

  @Override
  public long mark() {
    return journal.mark();
  }

  @Override
  public boolean settledUpTo(long mark) {
    return journal.settledUpTo(mark);
  }

  @Override
  public void send(byte[] request, Answered onAnswer) {
    link.publish(
        topic,
        request,
        result ->
            onAnswer.accept(result.outcome() == PublishResult.Outcome.FORBIDDEN, result.detail()));
  }
}
