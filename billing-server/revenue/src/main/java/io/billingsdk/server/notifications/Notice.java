package io.billingsdk.server.notifications;

import java.time.Instant;
import java.util.UUID;

/**
 * Something that is said. Immutable.
 *
 * @param eventId of the event in the outbox
 * @param customer whom it is about; empty for nobody
 * @param data an object of JSON, as webhooks carry it
 * @param happenedAt when it happened
 */
record Notice(UUID eventId, NoticeKind kind, String customer, String data, Instant happenedAt) {
  /** As {@code webhook-id} has it: the same at each attempt and each replay. */
  String messageId() {
    return messageId(eventId);
  }

  static String messageId(UUID eventId) {
    return "msg_" + eventId.toString().replace("-", "");
  }
}
