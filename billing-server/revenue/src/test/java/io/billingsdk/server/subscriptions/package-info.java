/** Tests of subscriptions: the pure rules here, what is stored and asked for over HTTP in app. */
@NullMarked
package io.billingsdk.server.subscriptions;

import org.jspecify.annotations.NullMarked;
