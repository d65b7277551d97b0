package io.billingsdk.server.statistics;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the template of the page shows, as texts. Immutable. Public since the template is in a
 * package of its own.
 *
 * @param figures null where a token is asked for
 * @param problem why one is asked for; null where there is none yet
 */
public record UsagePage(UsageTexts texts, @Nullable Figures figures, @Nullable String problem) {
  /** A text of the language. */
  public String text(String key) {
    return texts.get(key);
  }

  /** The language, as a BCP 47 tag. */
  public String language() {
    return texts.tag();
  }

  /** The one that the page offers instead. */
  public String otherLanguage() {
    return texts.other().tag();
  }

  /** How the other language calls itself. */
  public String otherName() {
    return texts.other().get("language");
  }

  /**
   * The figures of somebody.
   *
   * @param who such as Guest
   * @param at when it was so, exactly
   * @param time the same for people
   * @param total of the costs; null where the profile has no prices
   */
  public record Figures(
      String who,
      String at,
      String time,
      List<Card> cards,
      List<Limit> limits,
      List<Price> costs,
      @Nullable Line total) {
    /** Copies the lists. */
    public Figures {
      cards = List.copyOf(cards);
      limits = List.copyOf(limits);
      costs = List.copyOf(costs);
    }
  }

  /** Figures that belong together. */
  public record Card(String name, String title, List<Line> lines) {
    /** Copies the lines. */
    public Card {
      lines = List.copyOf(lines);
    }
  }

  /**
   * A limit.
   *
   * @param state {@code within}, {@code near} or {@code reached}
   * @param resets when it begins again, for people
   */
  public record Limit(
      String name,
      String label,
      Line used,
      Line most,
      Line left,
      String state,
      String stateText,
      String resets) {}

  /** What a counter costs. */
  public record Price(String label, Line used, Line cost) {}

  /**
   * A figure.
   *
   * @param place where the answer of the API has it
   * @param exact the same as the API has it; empty for none
   * @param shown for people
   * @param isPart whether it is a part of a figure that is divided
   */
  public record Line(String place, String label, String exact, String shown, boolean isPart) {}
}
