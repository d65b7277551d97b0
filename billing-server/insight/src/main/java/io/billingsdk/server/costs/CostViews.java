package io.billingsdk.server.costs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.costs.CostLine;
import io.billingsdk.costs.RatedCost;
import io.billingsdk.server.costs.CostPricer.Priced;
import io.billingsdk.server.costs.CostRow.CostAmount;
import io.billingsdk.server.costs.Costs.Revision;
import io.billingsdk.server.costs.Costs.UnknownCosts;
import io.billingsdk.server.costs.ReRatings.ListedChange;
import io.billingsdk.server.costs.ReRatings.Outcome;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Costs as the API shows them. */
final class CostViews {
  private CostViews() {}

  static @Nullable BigDecimal plain(@Nullable BigDecimal amount) {
    if (amount == null) {
      return null;
    }
    BigDecimal stripped = amount.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  record CostView(
      @Nullable UUID stream,
      long seq,
      Instant at,
      int revision,
      @Nullable String appId,
      @Nullable String keyId,
      @Nullable String subject,
      @Nullable String session,
      @Nullable String execution,
      String service,
      String model,
      String operation,
      String state,
      @Nullable String reason,
      @Nullable BigDecimal amount,
      @Nullable String currency,
      @Nullable BigDecimal reported,
      @Nullable String reportedCurrency,
      @Nullable BigDecimal quantity,
      String unit,
      @Nullable Long durationMs,
      JsonNode usage,
      @Nullable String priceId,
      String catalogue,
      String adapter) {
    static CostView of(CostRow row, @Nullable UUID stream) {
      CostAmount cost = row.cost();
      return new CostView(
          stream,
          row.id().seq(),
          row.at(),
          row.revision(),
          row.owner().app(),
          row.owner().key(),
          row.owner().subject(),
          row.owner().session(),
          row.owner().execution(),
          row.what().service(),
          row.what().model(),
          row.what().operation(),
          CostRows.text(cost.state()),
          cost.reason(),
          plain(cost.amount()),
          cost.currency(),
          plain(cost.reported()),
          cost.reportedCurrency(),
          plain(row.use().quantity()),
          row.use().unit(),
          row.use().durationMillis(),
          texts(row),
          cost.pins().priceId(),
          cost.pins().catalogue(),
          cost.pins().adapter());
    }

    /** As texts, which are exact in every language. */
    private static JsonNode texts(CostRow row) {
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      row.use().usage().quantities().forEach((b, q) -> node.put(b.key(), q.toPlainString()));
      return node;
    }
  }

  record LineView(
      String bucket,
      String pricedAs,
      @Nullable BigDecimal quantity,
      @Nullable BigDecimal billed,
      @Nullable BigDecimal price,
      @Nullable BigDecimal per,
      @Nullable BigDecimal amount) {
    static LineView of(CostLine line) {
      return new LineView(
          line.bucket().key(),
          line.pricedAs().key(),
          plain(line.quantity()),
          plain(line.billed()),
          plain(line.price()),
          plain(line.size()),
          plain(line.amount()));
    }
  }

  record RevisionView(
      int revision,
      String state,
      @Nullable String reason,
      @Nullable BigDecimal amount,
      @Nullable String currency,
      @Nullable String priceId,
      String catalogue,
      @Nullable Long change,
      Instant replacedAt) {
    static RevisionView of(Revision revision) {
      CostAmount cost = revision.row().cost();
      return new RevisionView(
          revision.row().revision(),
          CostRows.text(cost.state()),
          cost.reason(),
          plain(cost.amount()),
          cost.currency(),
          cost.pins().priceId(),
          cost.pins().catalogue(),
          revision.change(),
          revision.replacedAt());
    }
  }

  record ExplanationView(
      CostView cost, List<LineView> lines, List<String> text, List<RevisionView> revisions) {
    static ExplanationView of(
        CostRow row, @Nullable UUID stream, Priced priced, List<Revision> revisions) {
      Optional<RatedCost> rated = priced.problem() == null ? priced.rated() : Optional.empty();
      return new ExplanationView(
          CostView.of(row, stream),
          rated.map(RatedCost::lines).orElse(List.of()).stream().map(LineView::of).toList(),
          text(row, rated),
          revisions.stream().map(RevisionView::of).toList());
    }

    private static List<String> text(CostRow row, Optional<RatedCost> rated) {
      List<String> text = new ArrayList<>(rated.map(RatedCost::explain).orElse(List.of()));
      String reason = row.cost().reason();
      BigDecimal amount = plain(row.cost().amount());
      if (rated.isEmpty() && reason != null) {
        text.add("unknown: " + reason);
      }
      if (amount != null && row.use().quantity().signum() < 0) {
        text.add(
            "a correction takes it back: " + amount.toPlainString() + " " + row.cost().currency());
      }
      return text;
    }
  }

  record UnknownView(
      String service, String model, String reason, long costs, Instant first, Instant last) {
    static UnknownView of(UnknownCosts unknown) {
      return new UnknownView(
          unknown.service(),
          unknown.model(),
          unknown.reason(),
          unknown.costs(),
          unknown.first(),
          unknown.last());
    }
  }

  record UnknownListView(List<UnknownView> items) {}

  record ChangedView(
      @Nullable UUID stream,
      long seq,
      Instant at,
      String model,
      String stateBefore,
      String stateAfter,
      @Nullable BigDecimal before,
      @Nullable BigDecimal after,
      @Nullable String currency) {
    static ChangedView of(CostChange change, @Nullable UUID stream) {
      CostRow after = change.after();
      @Nullable CostRow earlier = change.before();
      CostRow before = earlier == null ? after : earlier;
      return new ChangedView(
          stream,
          after.id().seq(),
          after.at(),
          after.what().model(),
          CostRows.text(before.cost().state()),
          CostRows.text(after.cost().state()),
          plain(before.cost().amount()),
          plain(after.cost().amount()),
          after.cost().currency());
    }
  }

  record OutcomeView(
      @Nullable Long id,
      boolean dryRun,
      String catalogue,
      String fingerprint,
      long changed,
      long unchanged,
      long nowPriced,
      long nowUnknown,
      Map<String, BigDecimal> differences,
      List<ChangedView> changes) {
    static OutcomeView of(Outcome outcome, StreamNames names) {
      Map<String, BigDecimal> differences = new TreeMap<>();
      outcome
          .summed()
          .differences()
          .forEach((currency, sum) -> differences.put(currency, plainOf(sum)));
      return new OutcomeView(
          outcome.number(),
          outcome.number() == null,
          outcome.catalogue(),
          outcome.summed().fingerprint(),
          outcome.summed().changed(),
          outcome.summed().unchanged(),
          outcome.summed().nowPriced(),
          outcome.summed().nowUnknown(),
          differences,
          outcome.summed().first().stream()
              .map(each -> ChangedView.of(each, names.of(each.after().id().streamId())))
              .toList());
    }
  }

  private static BigDecimal plainOf(BigDecimal amount) {
    BigDecimal stripped = amount.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  record ChangeView(
      long id,
      String kind,
      @Nullable Long undoes,
      @Nullable Long undoneBy,
      String reason,
      JsonNode selection,
      String catalogue,
      long changed,
      long unchanged,
      JsonNode differences,
      String actor,
      Instant madeAt) {
    static ChangeView of(ListedChange change) {
      return new ChangeView(
          change.number(),
          change.kind(),
          change.undoes(),
          change.undoneBy(),
          change.reason(),
          CostRows.tree(change.selection()),
          change.catalogue(),
          change.changed(),
          change.unchanged(),
          CostRows.tree(change.differences()),
          change.actor(),
          change.madeAt());
    }
  }
}
