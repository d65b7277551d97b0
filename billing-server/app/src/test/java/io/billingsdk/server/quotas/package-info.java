@NullMarked
package io.billingsdk.server.quotas;

import org.jspecify.annotations.NullMarked;
