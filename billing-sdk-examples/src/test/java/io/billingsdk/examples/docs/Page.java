package io.billingsdk.examples.docs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One Markdown page, taken apart: its headings, links, inline code, blocks of code, and the prose
 * that is left. Immutable.
 *
 * @param name its path from the root of the repository
 * @param headings with their hashes, {@code ## Install}, in their order
 * @param anchors the anchors that GitHub gives to the headings
 * @param links the targets of its links and pictures, in their order
 * @param inline the texts between backticks outside of blocks
 * @param blocks the blocks of code, each with its first line ({@code ```java}) and what is in it
 * @param prose each line outside of blocks, without inline code and targets of links
 */
record Page(
    String name,
    List<String> headings,
    Set<String> anchors,
    List<String> links,
    List<String> inline,
    List<String> blocks,
    List<String> prose) {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern INLINE = Pattern.compile("`([^`]+)`");
  private static final Pattern COMMENT = Pattern.compile("<!--.*?-->");

  /** Takes a page apart. */
  static Page parse(String name, String markdown) {
    Page page =
        new Page(
            name,
            new ArrayList<>(),
            new LinkedHashSet<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>());
    Map<String, Integer> seen = new HashMap<>();
    StringBuilder block = new StringBuilder();
    for (String line : markdown.lines().toList()) {
      boolean fence = line.strip().startsWith("```");
      if (fence || !block.isEmpty()) {
        block.append(line).append('\n');
        if (fence && block.length() > line.length() + 1) {
          page.blocks.add(block.toString());
          block.setLength(0);
        }
      } else {
        page.addLine(line, seen);
      }
    }
    return page;
  }

  private void addLine(String line, Map<String, Integer> seen) {
    if (line.matches("#{1,6} .*")) {
      headings.add(line);
      String anchor = anchor(line.replaceFirst("^#+ ", ""));
      int before = seen.merge(anchor, 1, Integer::sum) - 1;
      anchors.add(before == 0 ? anchor : anchor + "-" + before);
    }
    LINK.matcher(line).results().forEach(link -> links.add(link.group(1)));
    INLINE.matcher(line).results().forEach(code -> inline.add(code.group(1)));
    String text = INLINE.matcher(COMMENT.matcher(line).replaceAll("")).replaceAll("`");
    prose.add(LINK.matcher(text).replaceAll("]"));
  }

  /** As GitHub makes it: small letters, digits, hyphens and underscores; a hyphen for a space. */
  private static String anchor(String heading) {
    String text = heading.replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1").toLowerCase(Locale.ROOT);
    return text.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
  }

  /** How many hashes each heading has. */
  List<Integer> levels() {
    return headings.stream().map(each -> each.indexOf(' ')).toList();
  }

  /** The lines of all blocks, continued lines joined. */
  List<String> blockLines() {
    return blocks.stream()
        .flatMap(block -> block.replace("\\\n", " ").lines().skip(1))
        .map(String::strip)
        .toList();
  }
}
