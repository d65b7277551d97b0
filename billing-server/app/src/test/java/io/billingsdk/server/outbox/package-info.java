@NullMarked
package io.billingsdk.server.outbox;

import org.jspecify.annotations.NullMarked;
