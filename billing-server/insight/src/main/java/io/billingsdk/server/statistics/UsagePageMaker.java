package io.billingsdk.server.statistics;

import io.billingsdk.server.statistics.UsagePage.Card;
import io.billingsdk.server.statistics.UsagePage.Figures;
import io.billingsdk.server.statistics.UsagePage.Limit;
import io.billingsdk.server.statistics.UsagePage.Line;
import io.billingsdk.server.statistics.UsagePage.Price;
import io.billingsdk.server.statistics.UsageProfile.CardSpec;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says the figures of somebody in a language. */
final class UsagePageMaker {
  private final UsageTexts texts;
  private final UsageLines lines;
  private final UsageSnapshot snapshot;

  private UsagePageMaker(UsageTexts texts, UsageSnapshot snapshot) {
    this.texts = texts;
    this.lines = new UsageLines(texts);
    this.snapshot = snapshot;
  }

  static Figures figures(UsageTexts texts, UsageSnapshot snapshot, List<LimitState> limits) {
    return new UsagePageMaker(texts, snapshot).figures(limits);
  }

  private Figures figures(List<LimitState> limits) {
    return new Figures(
        texts.named("person", snapshot.person().kind().text()),
        snapshot.at().toString(),
        UsageLines.time(snapshot.at()),
        snapshot.profile().cards().stream().map(this::card).toList(),
        limits.stream().map(this::limit).toList(),
        snapshot.costs().stream().map(this::price).toList(),
        total());
  }

  private Card card(CardSpec spec) {
    return new Card(
        spec.name(),
        texts.named("card", spec.name()),
        spec.figures().stream()
            .flatMap(place -> lines.of(place, snapshot.figures()).stream())
            .toList());
  }

  private Limit limit(LimitState state) {
    String name = state.spec().name();
    String near = state.isNear() ? "near" : "within";
    String kind = state.isWithin() ? near : "reached";
    Instant resets = state.resetsAt();
    return new Limit(
        name,
        texts.named("limit", name),
        line(name + ".used", state.used()),
        line(name + ".limit", state.limit()),
        line(name + ".remaining", state.remaining()),
        kind,
        texts.get("limit_" + kind),
        resets == null ? texts.get("never") : UsageLines.time(resets));
  }

  private Price price(FigureWriter.Cost cost) {
    return new Price(
        texts.named("price", cost.name()),
        line(cost.name() + ".used", cost.used()),
        line(cost.name() + ".cost", cost.cost()));
  }

  private @Nullable Line total() {
    return snapshot.costs().isEmpty() ? null : total(texts, snapshot);
  }

  /** The sum of the costs, with the currency. */
  static Line total(UsageTexts texts, UsageSnapshot snapshot) {
    BigDecimal sum =
        snapshot.costs().stream()
            .map(FigureWriter.Cost::cost)
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    return new Line(
        "total",
        texts.get("total"),
        sum.toPlainString(),
        UsageTexts.number(sum) + " " + snapshot.profile().currency().toUpperCase(Locale.ROOT),
        /* isPart= */ false);
  }

  private static Line line(String place, BigDecimal number) {
    BigDecimal plain = Decimals.plain(number);
    return new Line(
        place, "", plain.toPlainString(), UsageTexts.number(plain), /* isPart= */ false);
  }
}
