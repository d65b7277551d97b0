package io.billingsdk.server.statistics;

import io.billingsdk.server.statistics.Figure.Group;
import io.billingsdk.server.statistics.UsageProfile.CardSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads how a page divides figures into cards; without that, by their groups. */
final class CardReader {
  private static final String REST = "figures";

  private final Group figures;

  CardReader(Group figures) {
    this.figures = figures;
  }

  /** Those of a profile. */
  List<CardSpec> read(List<ProfileNode> given) {
    return given.isEmpty() ? byGroups() : given.stream().map(this::card).toList();
  }

  private CardSpec card(ProfileNode node) {
    String name = node.text("name");
    List<String> places = node.texts("figures");
    List<String> known = places("", figures);
    for (String each : places) {
      if (!known.contains(each)) {
        throw node.wrong("figures", "figures of this profile, and " + each + " is none");
      }
    }
    if (places.isEmpty()) {
      throw node.wrong("figures", "a list of figures of this profile");
    }
    node.end();
    return new CardSpec(name, places);
  }

  private List<CardSpec> byGroups() {
    Map<String, List<String>> cards = new LinkedHashMap<>();
    for (String place : places("", figures)) {
      int point = place.indexOf('.');
      String name = point < 0 ? REST : place.substring(0, point);
      cards.computeIfAbsent(name, none -> new ArrayList<>()).add(place);
    }
    return cards.entrySet().stream()
        .map(each -> new CardSpec(each.getKey(), each.getValue()))
        .toList();
  }

  /** Of all figures that are no groups, in their order. */
  private static List<String> places(String before, Group group) {
    List<String> places = new ArrayList<>();
    group
        .figures()
        .forEach(
            (name, figure) -> {
              if (figure instanceof Group inner) {
                places.addAll(places(before + name + ".", inner));
              } else {
                places.add(before + name);
              }
            });
    return places;
  }
}
