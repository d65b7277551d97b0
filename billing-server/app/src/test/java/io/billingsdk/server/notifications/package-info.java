/** Tests of notifications, against a real receiver and a real SMTP server. */
@NullMarked
package io.billingsdk.server.notifications;

import org.jspecify.annotations.NullMarked;
