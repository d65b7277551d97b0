package io.billingsdk;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The parts of a {@link ClientStatus}, which documents them. */
record ClientStatusParts(
    ConnectionState state,
    Instant since,
    ClientStatus.@Nullable Problem lastProblem,
    ClientStatus.Delivery delivery,
    ClientStatus.Journal journal,
    ClientStatus.Keys keys,
    Protocol protocol,
    ClientStatus.Quotas quotas) {

  ClientStatusParts withLastProblem(ClientStatus.@Nullable Problem newProblem) {
    return new ClientStatusParts(
        state, since, newProblem, delivery, journal, keys, protocol, quotas);
  }

  ClientStatusParts withProtocol(Protocol newProtocol) {
    return new ClientStatusParts(
        state, since, lastProblem, delivery, journal, keys, newProtocol, quotas);
  }

  ClientStatusParts withQuotas(ClientStatus.Quotas newQuotas) {
    return new ClientStatusParts(
        state, since, lastProblem, delivery, journal, keys, protocol, newQuotas);
  }
}
