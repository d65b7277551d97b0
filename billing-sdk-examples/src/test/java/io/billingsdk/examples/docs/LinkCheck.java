package io.billingsdk.examples.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the files and headings exist that links name. For one thread. */
final class LinkCheck {
  private static final Pattern NAMED = Pattern.compile("docs/[a-zA-Z/-]+\\.md(#[a-z0-9_-]+)?");

  private final Path root;
  private final Map<Path, Page> pages = new HashMap<>();
  private final List<String> problems = new ArrayList<>();
  private int checked;

  LinkCheck(Path root) {
    this.root = root;
  }

  int checked() {
    return checked;
  }

  List<String> problems() {
    return problems;
  }

  /** Follows each link of a page that stays in the repository. */
  void follow(Page page) throws IOException {
    for (String link : page.links()) {
      if (!link.matches("[a-z]+:.*")) {
        Path own = root.resolve(page.name());
        follow(page.name(), link, own, link.startsWith("#") ? own : target(own, link));
      }
    }
  }

  /** Follows what a source file, a script or a unit says of pages: {@code docs/server.md#cuts}. */
  void followNames(String file, String text) throws IOException {
    Matcher named = NAMED.matcher(text);
    for (MatchResult each : named.results().toList()) {
      Path page = root.resolve("any");
      follow(file, each.group(), page, target(page, each.group()));
    }
  }

  private static Path target(Path from, String link) {
    return from.resolveSibling(link.replaceFirst("#.*", "")).normalize();
  }

  private void follow(String from, String link, Path own, Path target) throws IOException {
    checked++;
    if (!Files.exists(target)) {
      problems.add(from + ": " + link + ": no such file");
    } else if (link.contains("#")
        && !page(target).anchors().contains(link.replaceFirst(".*#", ""))) {
      problems.add(from + ": " + link + ": no such heading in " + own.relativize(target));
    }
  }

  private Page page(Path file) throws IOException {
    Page known = pages.get(file);
    if (known == null) {
      known = Page.parse(file.toString(), Files.readString(file));
      pages.put(file, known);
    }
    return known;
  }
}
