package io.billingsdk.server.providers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;

/** Forms with names in brackets as trees: validators do not read nested names. */
final class FormTree {
  private static final ObjectMapper JSON = new ObjectMapper();

  private FormTree() {}

  static ObjectNode of(String form) {
    ObjectNode root = JSON.createObjectNode();
    for (String pair : form.split("&", -1)) {
      if (!pair.isEmpty()) {
        String[] parts = pair.split("=", 2);
        put(root, names(decoded(parts[0])), parts.length == 1 ? "" : decoded(parts[1]));
      }
    }
    return root;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, UTF_8);
  }

  private static List<String> names(String name) {
    List<String> names = new ArrayList<>();
    for (String each : name.split("\\[", -1)) {
      names.add(each.replace("]", ""));
    }
    return names;
  }

  private static void put(ObjectNode root, List<String> names, String value) {
    JsonNode place = root;
    for (int i = 0; i < names.size(); i++) {
      boolean isLast = i == names.size() - 1;
      boolean nextIsList = !isLast && names.get(i + 1).matches("[0-9]*");
      JsonNode next =
          isLast
              ? JSON.getNodeFactory().textNode(value)
              : nextIsList ? JSON.createArrayNode() : JSON.createObjectNode();
      place = put(place, names.get(i), next, isLast);
    }
  }

  private static JsonNode put(JsonNode place, String name, JsonNode next, boolean isLast) {
    if (place instanceof ArrayNode list) {
      int index = name.isEmpty() ? list.size() : Integer.parseInt(name);
      if (index < list.size()) {
        return list.get(index);
      }
      list.add(next);
      return next;
    }
    ObjectNode object = (ObjectNode) place;
    if (!isLast && object.has(name)) {
      return object.get(name);
    }
    object.set(name, next);
    return next;
  }
}
