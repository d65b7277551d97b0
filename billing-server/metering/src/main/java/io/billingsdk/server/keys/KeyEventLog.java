package io.billingsdk.server.keys;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.common.ShownText;
import io.billingsdk.server.outbox.OutboxSubscriber;
import io.billingsdk.server.outbox.OutboxSubscriber.DeliveredEvent;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log of one of the servers which key was blocked, let in again or removed, by whom and
 * why, wherever that was done: by a command, over HTTP, at another server. Thread-safe.
 */
final class KeyEventLog implements OutboxSubscriber {
  private static final Logger log = LoggerFactory.getLogger(KeyEventLog.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String name() {
    return "key-log";
  }

  @Override
  public Set<String> kinds() {
    return Set.of(KeyEvents.BLOCKED, KeyEvents.UNBLOCKED, KeyEvents.REMOVED);
  }

  @Override
  public void receive(DeliveredEvent delivered) throws JsonProcessingException {
    JsonNode payload = JSON.readTree(delivered.event().payload());
    String reason = payload.path("reason").asText("");
    log.info(
        "the key {} of the app {} was {} by {}{}",
        ShownText.of(payload.path("keyId").asText()),
        ShownText.of(payload.path("appId").asText()),
        delivered.event().kind().substring("key.".length()),
        ShownText.of(delivered.event().actor()),
        reason.isEmpty() || payload.path("reason").isNull() ? "" : ": " + ShownText.of(reason));
  }
}
