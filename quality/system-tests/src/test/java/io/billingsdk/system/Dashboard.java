package io.billingsdk.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A dashboard of Grafana, as far as it can be judged without one. */
record Dashboard(String name, JsonNode json) {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)}?");
  private static final Set<String> BUILT_IN = Set.of("__rate_interval", "__range");
  private static final Set<String> TYPES = Set.of("row", "stat", "timeseries");
  private static final String DATASOURCE = "${datasource}";
  private static final int COLUMNS = 24;

  /** Of a file in packaging/grafana. */
  static Dashboard of(String name) throws IOException {
    return new Dashboard(
        name, new ObjectMapper().readTree(Packaging.text("grafana/" + name + ".json")));
  }

  /** Panels that show something. */
  List<JsonNode> panels() {
    List<JsonNode> panels = new ArrayList<>();
    for (JsonNode panel : json.path("panels")) {
      if (!panel.path("type").asText().equals("row")) {
        panels.add(panel);
      }
    }
    return panels;
  }

  /** Expressions of its panels and variables, each with the variables put in. */
  List<Expression> expressions() {
    List<Expression> all = new ArrayList<>();
    for (JsonNode panel : panels()) {
      for (JsonNode target : panel.path("targets")) {
        all.add(
            new Expression(
                name + ": " + panel.path("title").asText(),
                substituted(target.path("expr").asText())));
      }
    }
    for (JsonNode variable : json.at("/templating/list")) {
      Matcher query =
          Pattern.compile("label_values\\((.*), (job|instance)\\)")
              .matcher(variable.path("definition").asText());
      if (query.matches()) {
        all.add(
            new Expression(
                name + ": $" + variable.path("name").asText(), substituted(query.group(1))));
      }
    }
    return all;
  }

  private static String substituted(String expression) {
    return expression
        .replaceAll("\\$__(rate_interval|range)", "5m")
        .replaceAll("\\$(job|instance)", ".*");
  }

  /** What Grafana would not take, or show wrongly, a line each. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    Set<Integer> ids = new HashSet<>();
    Set<List<Integer>> cells = new HashSet<>();
    Set<String> titles = new HashSet<>();
    for (JsonNode panel : json.path("panels")) {
      String title = panel.path("title").asText();
      claim(problems, !title.isEmpty() && titles.add(title), title + ": no title of its own");
      claim(problems, ids.add(panel.path("id").asInt(-1)), title + ": id is used twice");
      claim(problems, TYPES.contains(panel.path("type").asText()), title + ": unknown type");
      claim(problems, isPlaced(panel.path("gridPos"), cells), title + ": overlaps, or is outside");
      if (!panel.path("type").asText().equals("row")) {
        problems(panel, title, problems);
      }
    }
    claim(problems, json.path("schemaVersion").asInt() >= 36, "schemaVersion");
    claim(problems, json.path("id").isNull(), "id: must be null in a file");
    claim(problems, json.path("uid").asText().matches("[a-z-]{1,40}"), "uid");
    claim(problems, variables().contains("datasource"), "no variable for the data source");
    return problems;
  }

  private void problems(JsonNode panel, String title, List<String> problems) {
    claim(problems, panel.path("description").asText().endsWith("."), title + ": no description");
    claim(problems, isOurs(panel), title + ": another data source");
    claim(problems, panel.at("/fieldConfig/defaults/unit").isTextual(), title + ": no unit");
    claim(problems, !panel.path("targets").isEmpty(), title + ": no target");
    Set<String> refIds = new HashSet<>();
    for (JsonNode target : panel.path("targets")) {
      claim(problems, isOurs(target), title + ": another data source of a target");
      claim(problems, refIds.add(target.path("refId").asText()), title + ": refId is used twice");
      Matcher variable = VARIABLE.matcher(target.path("expr").asText());
      while (variable.find()) {
        String used = variable.group(1);
        claim(
            problems,
            BUILT_IN.contains(used) || variables().contains(used),
            title + ": no variable " + used);
      }
    }
  }

  private Set<String> variables() {
    Set<String> names = new TreeSet<>();
    json.at("/templating/list").forEach(each -> names.add(each.path("name").asText()));
    return names;
  }

  private static boolean isOurs(JsonNode of) {
    return of.at("/datasource/type").asText().equals("prometheus")
        && of.at("/datasource/uid").asText().equals(DATASOURCE);
  }

  private static boolean isPlaced(JsonNode place, Set<List<Integer>> cells) {
    int right = place.path("x").asInt(-1) + place.path("w").asInt();
    boolean free =
        place.path("x").asInt(-1) >= 0 && right <= COLUMNS && place.path("h").asInt() > 0;
    for (int x = place.path("x").asInt(); x < right; x++) {
      for (int y = 0; y < place.path("h").asInt(); y++) {
        free &= cells.add(List.of(x, place.path("y").asInt() + y));
      }
    }
    return free;
  }

  private static void claim(List<String> problems, boolean holds, String otherwise) {
    if (!holds) {
      problems.add(otherwise);
    }
  }
}
