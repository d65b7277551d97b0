package io.billingsdk.server.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parts of an OpenAPI document, put together line by line: the result is as easy to read as what
 * people wrote. A part has {@code paths}, and of {@code components} what only it uses. For one
 * thread.
 */
final class OpenApiParts {
  private static final String COMPONENTS = "components:";
  private static final String PATHS = "paths:";
  private static final String HEADING = "  \\S.*:";

  /** By the heading of a section, then by the heading of what is in it; without one: empty. */
  private final Map<String, Map<String, List<String>>> sections = new LinkedHashMap<>();

  private OpenApiParts() {}

  /** The frame: the head of the document, and what no feature owns. */
  static OpenApiParts frame(String text) {
    OpenApiParts made = new OpenApiParts();
    made.read("the frame", text, /* isFrame= */ true);
    return made;
  }

  /**
   * Adds the part of a feature. Two parts may have one path, each with methods of its own.
   *
   * @param name of the part, for the failure
   * @throws IllegalStateException when it has a section that is the frame's alone
   */
  void add(String name, String text) {
    read(name, text, /* isFrame= */ false);
  }

  private void read(String name, String text, boolean isFrame) {
    String top = "";
    String heading = "";
    for (String line : text.lines().toList()) {
      if (!line.isEmpty() && Character.isLetter(line.charAt(0))) {
        if (!isFrame && !isOfFeatures(line)) {
          throw new IllegalStateException(name + " must have paths and components alone: " + line);
        }
        top = line;
        heading = "";
        under(top, heading);
      } else if (isOfFeatures(top) && line.matches(HEADING)) {
        heading = line;
        under(top, heading);
      } else {
        under(top, heading).add(line);
      }
    }
  }

  private static boolean isOfFeatures(String section) {
    return section.equals(COMPONENTS) || section.equals(PATHS);
  }

  private List<String> under(String top, String heading) {
    return sections
        .computeIfAbsent(top, none -> new LinkedHashMap<>())
        .computeIfAbsent(heading, none -> new ArrayList<>());
  }

  /** All of them as one document. */
  String text() {
    StringBuilder all = new StringBuilder();
    sections.forEach(
        (top, contents) -> {
          line(all, top);
          contents.forEach(
              (heading, lines) -> {
                line(all, heading);
                lines.forEach(each -> all.append(each).append('\n'));
              });
        });
    return all.toString();
  }

  private static void line(StringBuilder all, String heading) {
    if (!heading.isEmpty()) {
      all.append(heading).append('\n');
    }
  }
}
