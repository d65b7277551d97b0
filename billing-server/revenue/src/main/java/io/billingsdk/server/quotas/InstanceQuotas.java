package io.billingsdk.server.quotas;

import io.billingsdk.server.control.InstanceLeases;
import io.billingsdk.server.quotas.Leases.Holder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Answers instances: leases of quotas, parts of rates. Thread-safe. */
final class InstanceQuotas implements InstanceLeases {
  private static final int MOST = 100_000;

  private final Leases leases;
  private final Releases releases;
  private final RateShares rates;
  private final Refusals refusals;

  /** Streams that are noted as holders. */
  private final Set<UUID> noted = ConcurrentHashMap.newKeySet();

  InstanceQuotas(Leases leases, Releases releases, RateShares rates, Refusals refusals) {
    this.leases = leases;
    this.releases = releases;
    this.rates = rates;
    this.refusals = refusals;
  }

  @Override
  public List<LeaseAnswer> ask(String instance, LeaseQuestion question) {
    UUID stream = question.stream();
    if (!question.quotas().isEmpty() && !noted.contains(stream)) {
      releases.holds(instance, stream);
      if (noted.size() > MOST) {
        noted.clear();
      }
      noted.add(stream);
    }
    Holder holder = new Holder(instance, stream, question.number());
    List<LeaseTerms> terms = leases.ask(holder, question.quotas());
    List<LeaseAnswer> answers = new ArrayList<>();
    answers.add(new LeaseAnswer(instance, stream, question.number(), terms, List.of()));
    if (!question.rates().isEmpty()) {
      answers.set(
          0,
          new LeaseAnswer(
              instance,
              stream,
              question.number(),
              terms,
              rates.share(instance, stream, question.rates(), answers)));
    }
    refusals.count(instance, stream, question.refusals());
    return answers;
  }

  @Override
  public void heard(String instance, UUID stream, boolean isEmpty) {
    if (isEmpty) {
      var unused = releases.emptied(instance, stream);
    }
  }
}
