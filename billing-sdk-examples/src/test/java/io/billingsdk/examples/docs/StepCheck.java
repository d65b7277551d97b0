package io.billingsdk.examples.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Whether a translated page is in step with its original: same shape, same code, same links. */
final class StepCheck {
  private StepCheck() {}

  static List<String> problems(Page original, Page translated) {
    List<String> problems = new ArrayList<>();
    String name = translated.name() + ": ";
    differ(problems, name + "levels of headings", original.levels(), translated.levels());
    differ(problems, name + "blocks of code", original.blocks(), translated.blocks());
    differ(problems, name + "links", links(original), links(translated));
    differ(problems, name + "rows of tables", rows(original), rows(translated));
    return problems;
  }

  /** But for the link from each language to the other. */
  private static List<String> links(Page page) {
    return page.links().stream().filter(each -> !each.startsWith("README")).sorted().toList();
  }

  /** How many cells each row of a table has. */
  private static List<Integer> rows(Page page) {
    return page.prose().stream()
        .filter(each -> each.startsWith("|"))
        .map(each -> each.split("\\|", -1).length)
        .toList();
  }

  private static <T> void differ(
      List<String> problems, String what, List<T> original, List<T> translated) {
    for (int i = 0; i < Math.max(original.size(), translated.size()); i++) {
      Object here = i < original.size() ? original.get(i) : "nothing";
      Object there = i < translated.size() ? translated.get(i) : "nothing";
      if (!Objects.equals(here, there)) {
        problems.add(what + ", number " + (i + 1) + ": " + there + " instead of " + here);
        return;
      }
    }
  }
}
