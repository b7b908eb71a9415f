/** Made from the types in api.ts by `npm run openapi`; a test compares the two. */
export const API_SCHEMAS: Readonly<Record<string, object>> = {
  "ActivityRow": {
    "type": "object",
    "properties": {
      "at": {
        "type": "string"
      },
      "who": {
        "type": "string"
      },
      "what": {
        "type": "string"
      },
      "why": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ]
      },
      "before": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ]
      },
      "after": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ]
      }
    },
    "required": [
      "at",
      "who",
      "what",
      "why",
      "before",
      "after"
    ]
  },
  "AlertList": {
    "type": "object",
    "properties": {
      "open": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/AlertRow"
        }
      },
      "recent": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/AlertRow"
        },
        "description": "Over, newest first."
      }
    },
    "required": [
      "open",
      "recent"
    ],
    "description": "GET /api/v1/alerts"
  },
  "AlertRow": {
    "type": "object",
    "properties": {
      "id": {
        "type": "string"
      },
      "kind": {
        "type": "string",
        "enum": [
          "breaker_open",
          "connection_paused",
          "oldest_waiting",
          "queue_depth",
          "schedule_late",
          "sla_breach"
        ]
      },
      "connection": {
        "anyOf": [
          {
            "type": "object",
            "properties": {
              "id": {
                "type": "string"
              },
              "name": {
                "type": "string"
              }
            },
            "required": [
              "id",
              "name"
            ]
          },
          {
            "type": "null"
          }
        ]
      },
      "sentence": {
        "type": "string",
        "description": "\"Warehouse North does not answer. 12 jobs wait and lose nothing. Tallyman looks again by itself.\""
      },
      "openedAt": {
        "type": "string"
      },
      "clearedAt": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ]
      },
      "over": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "description": "What is said now that it is over; null while it is open."
      }
    },
    "required": [
      "id",
      "kind",
      "connection",
      "sentence",
      "openedAt",
      "clearedAt",
      "over"
    ]
  },
  "ApiError": {
    "type": "object",
    "properties": {
      "error": {
        "type": "string",
        "description": "Stable word: 'not_found', 'illegal_move', 'invalid', 'unauthorized', 'forbidden', ..."
      },
      "message": {
        "type": "string",
        "description": "A sentence for people."
      },
      "serverTime": {
        "type": "string",
        "description": "The server's clock when a signature was stale, ISO-8601."
      }
    },
    "required": [
      "error",
      "message"
    ]
  },
  "ArticleList": {
    "type": "object",
    "properties": {
      "rows": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "productId": {
              "type": "number"
            },
            "variationId": {
              "type": "number"
            },
            "name": {
              "type": "string",
              "description": "As the latest order line shows it."
            },
            "sku": {
              "type": "string"
            },
            "articleCode": {
              "anyOf": [
                {
                  "type": "string"
                },
                {
                  "type": "null"
                }
              ]
            },
            "origin": {
              "anyOf": [
                {
                  "type": "string"
                },
                {
                  "type": "null"
                }
              ],
              "description": "\"same SKU\" / \"chosen by Anna\" / null while open."
            },
            "ordersWaiting": {
              "type": "number"
            },
            "suggestions": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "code": {
                    "type": "string"
                  },
                  "name": {
                    "type": "string"
                  },
                  "why": {
                    "type": "string"
                  }
                },
                "required": [
                  "code",
                  "name",
                  "why"
                ]
              }
            }
          },
          "required": [
            "productId",
            "variationId",
            "name",
            "sku",
            "articleCode",
            "origin",
            "ordersWaiting",
            "suggestions"
          ]
        }
      }
    },
    "required": [
      "rows"
    ],
    "description": "GET /api/v1/connections/:id/articles, POST the same with ArticleMappingInput"
  },
  "ArticleMappingInput": {
    "type": "object",
    "properties": {
      "productId": {
        "type": "number"
      },
      "variationId": {
        "type": "number"
      },
      "articleCode": {
        "type": "string"
      }
    },
    "required": [
      "productId",
      "variationId",
      "articleCode"
    ]
  },
  "BacklogForecast": {
    "type": "object",
    "properties": {
      "trend": {
        "type": "string",
        "enum": [
          "grows",
          "shrinks",
          "stands"
        ]
      },
      "sentence": {
        "type": "string",
        "description": "\"600 jobs wait for Warehouse North. The backlog clears in about 25 min.\""
      },
      "clearsAt": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "description": "null when no end is in sight."
      },
      "willBeLate": {
        "type": "number",
        "description": "At least so many of those that wait."
      }
    },
    "required": [
      "trend",
      "sentence",
      "clearsAt",
      "willBeLate"
    ]
  },
  "BatchDraft": {
    "type": "object",
    "properties": {
      "state": {
        "const": "draft"
      },
      "title": {
        "type": "string",
        "description": "\"Retry 214 jobs that need attention\""
      },
      "total": {
        "type": "number"
      },
      "lastJobId": {
        "type": "number"
      },
      "examples": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "id": {
              "type": "number"
            },
            "title": {
              "type": "string"
            },
            "sentence": {
              "type": "string"
            }
          },
          "required": [
            "id",
            "title",
            "sentence"
          ]
        },
        "description": "Some of them, oldest first."
      }
    },
    "required": [
      "state",
      "title",
      "total",
      "lastJobId",
      "examples"
    ]
  },
  "BatchInput": {
    "type": "object",
    "properties": {
      "move": {
        "type": "string",
        "enum": [
          "cancel",
          "forceDone",
          "retryNow"
        ]
      },
      "filter": {
        "$ref": "#/components/schemas/JobListFilter"
      },
      "ids": {
        "type": "array",
        "items": {
          "type": "number"
        },
        "description": "At most 500; instead of a filter."
      },
      "reason": {
        "type": "string",
        "description": "Needed by force done and cancel."
      },
      "lastJobId": {
        "type": "number",
        "description": "Newest job the person saw: those that came later are not meant."
      },
      "dryRun": {
        "type": "boolean",
        "description": "Says what would happen, and does nothing. Answered with a BatchDraft."
      }
    },
    "required": [
      "move"
    ],
    "description": "POST /api/v1/batches: one press on all that match, or on those that are ticked."
  },
  "BatchList": {
    "type": "object",
    "properties": {
      "rows": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/BatchRow"
        }
      }
    },
    "required": [
      "rows"
    ],
    "description": "GET /api/v1/batches?state="
  },
  "BatchRow": {
    "type": "object",
    "properties": {
      "id": {
        "type": "string"
      },
      "title": {
        "type": "string"
      },
      "state": {
        "type": "string",
        "enum": [
          "action_required",
          "done",
          "draft",
          "failed",
          "processing",
          "stopped"
        ]
      },
      "move": {
        "anyOf": [
          {
            "type": "string",
            "enum": [
              "cancel",
              "forceDone",
              "retryNow"
            ]
          },
          {
            "type": "null"
          }
        ]
      },
      "sentence": {
        "type": "string",
        "description": "\"120 of 214 set going; 80 done, 3 need attention.\""
      },
      "total": {
        "type": "number"
      },
      "moved": {
        "type": "number"
      },
      "counts": {
        "type": "object",
        "properties": {
          "blocked": {
            "type": "number"
          },
          "cancelled": {
            "type": "number"
          },
          "dead": {
            "type": "number"
          },
          "done": {
            "type": "number"
          },
          "queued": {
            "type": "number"
          },
          "retrying": {
            "type": "number"
          },
          "running": {
            "type": "number"
          }
        },
        "required": [
          "blocked",
          "cancelled",
          "dead",
          "done",
          "queued",
          "retrying",
          "running"
        ],
        "description": "Its jobs by state, as they are now or as they were when it ended."
      },
      "who": {
        "type": "string"
      },
      "reason": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ]
      },
      "createdAt": {
        "type": "string"
      },
      "finishedAt": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ]
      },
      "durationMs": {
        "type": "number",
        "description": "So far, or in all."
      },
      "expectedEndAt": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "description": "When it should be through at the pace so far; null while that cannot be told."
      },
      "actions": {
        "type": "array",
        "items": {
          "type": "string",
          "enum": [
            "resume",
            "stop"
          ]
        }
      }
    },
    "required": [
      "id",
      "title",
      "state",
      "move",
      "sentence",
      "total",
      "moved",
      "counts",
      "who",
      "reason",
      "createdAt",
      "finishedAt",
      "durationMs",
      "expectedEndAt",
      "actions"
    ],
    "description": "POST /api/v1/batches (201), GET /api/v1/batches/:id, POST /api/v1/batches/:id/stop and /resume"
  },
  "Capabilities": {
    "type": "object",
    "properties": {
      "protocol": {
        "type": "number"
      },
      "version": {
        "type": "string"
      },
      "features": {
        "type": "array",
        "items": {
          "type": "string",
          "enum": [
            "alerts",
            "articles",
            "batches",
            "connections",
            "deliveries",
            "failures",
            "jobs",
            "orders",
            "schedules"
          ]
        },
        "description": "What this sidecar can do; the screen hides the rest."
      },
      "role": {
        "type": "string",
        "enum": [
          "admin",
          "operator",
          "viewer"
        ]
      }
    },
    "required": [
      "protocol",
      "version",
      "features",
      "role"
    ],
    "description": "GET /api/v1/capabilities"
  },
  "ConnectionInput": {
    "type": "object",
    "properties": {
      "platform": {
        "const": "wms"
      },
      "name": {
        "type": "string"
      },
      "settings": {
        "type": "object",
        "additionalProperties": {}
      },
      "secrets": {
        "type": "object",
        "additionalProperties": {
          "type": "string"
        }
      },
      "storeId": {
        "type": "string",
        "description": "Which shop it serves; needed only by a token that sees several."
      }
    },
    "required": [
      "platform",
      "name",
      "settings",
      "secrets"
    ],
    "description": "POST /api/v1/connections, PUT /api/v1/connections/:id. Empty secrets mean \"as before\"."
  },
  "ConnectionRow": {
    "type": "object",
    "properties": {
      "id": {
        "type": "string"
      },
      "platform": {
        "type": "string",
        "enum": [
          "wms",
          "woocommerce"
        ]
      },
      "name": {
        "type": "string"
      },
      "state": {
        "type": "string",
        "enum": [
          "active",
          "paused"
        ]
      },
      "sentence": {
        "type": "string",
        "description": "\"Connected. Last answer 2 min ago.\" / \"Paused: the warehouse refused the password.\""
      },
      "breaker": {
        "type": "string",
        "enum": [
          "closed",
          "open",
          "probing"
        ]
      },
      "nextProbeAt": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ]
      },
      "lastSuccessAt": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ]
      },
      "lastFailure": {
        "anyOf": [
          {
            "type": "object",
            "properties": {
              "at": {
                "type": "string"
              },
              "summary": {
                "type": "string"
              }
            },
            "required": [
              "at",
              "summary"
            ]
          },
          {
            "type": "null"
          }
        ]
      },
      "waiting": {
        "type": "number"
      },
      "dead": {
        "type": "number"
      },
      "webhooks": {
        "type": "string",
        "enum": [
          "failing",
          "not_applicable",
          "polling",
          "registered"
        ]
      },
      "rate": {
        "type": "object",
        "properties": {
          "perMinute": {
            "type": "number"
          },
          "limit": {
            "type": "number"
          },
          "learned": {
            "type": "boolean"
          },
          "usedShare": {
            "type": "number",
            "description": "Of the last minute, by the sidecar that answers; 0 to 1."
          },
          "sentence": {
            "anyOf": [
              {
                "type": "string"
              },
              {
                "type": "null"
              }
            ],
            "description": "Why it is slower than its limit; null when it is not."
          }
        },
        "required": [
          "perMinute",
          "limit",
          "learned",
          "usedShare",
          "sentence"
        ],
        "description": "Calls a minute at present, and the connection's own limit. `learned`: slowed down because the other side asked for it."
      },
      "settings": {
        "type": "object",
        "additionalProperties": {},
        "description": "Non-secret settings, for the form."
      },
      "secretsSet": {
        "type": "array",
        "items": {
          "type": "string"
        },
        "description": "Names of secret fields that have a value."
      },
      "actions": {
        "type": "array",
        "items": {
          "type": "string",
          "enum": [
            "edit",
            "pause",
            "resume",
            "test"
          ]
        }
      }
    },
    "required": [
      "id",
      "platform",
      "name",
      "state",
      "sentence",
      "breaker",
      "nextProbeAt",
      "lastSuccessAt",
      "lastFailure",
      "waiting",
      "dead",
      "webhooks",
      "rate",
      "settings",
      "secretsSet",
      "actions"
    ]
  },
  "DeliveryDetail": {
    "type": "object",
    "properties": {
      "verified": {
        "type": "string",
        "description": "How its origin was proven before it was stored."
      },
      "size": {
        "anyOf": [
          {
            "type": "number"
          },
          {
            "type": "null"
          }
        ],
        "description": "Bytes; null once retention has cut it."
      },
      "jobs": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/JobRow"
        }
      },
      "records": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "type": {
              "type": "string"
            },
            "label": {
              "type": "string"
            },
            "changedAt": {
              "type": "string"
            }
          },
          "required": [
            "type",
            "label",
            "changedAt"
          ]
        }
      },
      "body": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "description": "Redacted; null without the right to see payloads, or once it is cut."
      },
      "bodyNote": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "description": "Why there is no body to see, or null."
      },
      "actions": {
        "type": "array",
        "items": {
          "const": "replay"
        }
      },
      "id": {
        "type": "string"
      },
      "topic": {
        "type": "string"
      },
      "connection": {
        "type": "object",
        "properties": {
          "id": {
            "type": "string"
          },
          "name": {
            "type": "string"
          }
        },
        "required": [
          "id",
          "name"
        ]
      },
      "state": {
        "type": "string",
        "enum": [
          "dead",
          "ignored",
          "processed",
          "received"
        ]
      },
      "sentence": {
        "type": "string",
        "description": "\"Worked through.\" / \"Ignored: the reference is not one of this store.\""
      },
      "receivedAt": {
        "type": "string"
      },
      "duplicates": {
        "type": "number",
        "description": "How often the same delivery came again; each was answered and changed nothing."
      },
      "key": {
        "type": "string",
        "description": "The sender's own id of it, or a fingerprint of its bytes."
      }
    },
    "required": [
      "verified",
      "size",
      "jobs",
      "records",
      "body",
      "bodyNote",
      "actions",
      "id",
      "topic",
      "connection",
      "state",
      "sentence",
      "receivedAt",
      "duplicates",
      "key"
    ],
    "description": "GET /api/v1/deliveries/:id"
  },
  "DeliveryList": {
    "type": "object",
    "properties": {
      "rows": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/DeliveryRow"
        }
      },
      "total": {
        "type": "number"
      }
    },
    "required": [
      "rows",
      "total"
    ],
    "description": "GET /api/v1/deliveries?connection=&state=&topic=&search=&page=1&per_page=20"
  },
  "DeliveryRow": {
    "type": "object",
    "properties": {
      "id": {
        "type": "string"
      },
      "topic": {
        "type": "string"
      },
      "connection": {
        "type": "object",
        "properties": {
          "id": {
            "type": "string"
          },
          "name": {
            "type": "string"
          }
        },
        "required": [
          "id",
          "name"
        ]
      },
      "state": {
        "type": "string",
        "enum": [
          "dead",
          "ignored",
          "processed",
          "received"
        ]
      },
      "sentence": {
        "type": "string",
        "description": "\"Worked through.\" / \"Ignored: the reference is not one of this store.\""
      },
      "receivedAt": {
        "type": "string"
      },
      "duplicates": {
        "type": "number",
        "description": "How often the same delivery came again; each was answered and changed nothing."
      },
      "key": {
        "type": "string",
        "description": "The sender's own id of it, or a fingerprint of its bytes."
      }
    },
    "required": [
      "id",
      "topic",
      "connection",
      "state",
      "sentence",
      "receivedAt",
      "duplicates",
      "key"
    ]
  },
  "FailureGroupRow": {
    "type": "object",
    "properties": {
      "filter": {
        "type": "object",
        "properties": {
          "state": {
            "const": "dead"
          },
          "connection": {
            "type": "string"
          },
          "kind": {
            "type": "string"
          },
          "cause": {
            "type": "string"
          }
        },
        "required": [
          "state",
          "connection",
          "kind",
          "cause"
        ],
        "description": "Narrows the list of jobs, and a batch, to these."
      },
      "count": {
        "type": "number"
      },
      "title": {
        "type": "string",
        "description": "What they were to do: \"Send an order to Warehouse North\"."
      },
      "sentence": {
        "type": "string",
        "description": "What went wrong, in the words of the latest: \"The warehouse answered 400: Postal code is not valid.\""
      },
      "cure": {
        "type": "string",
        "description": "\"Correct what the message names, then retry these 41.\""
      },
      "fix": {
        "anyOf": [
          {
            "type": "object",
            "properties": {
              "screen": {
                "type": "string",
                "enum": [
                  "articles",
                  "connection"
                ]
              },
              "connection": {
                "type": "string"
              }
            },
            "required": [
              "screen",
              "connection"
            ]
          },
          {
            "type": "null"
          }
        ],
        "description": "Where the cure is brought about."
      },
      "failure": {
        "type": "object",
        "properties": {
          "kind": {
            "type": "string"
          },
          "status": {
            "anyOf": [
              {
                "type": "number"
              },
              {
                "type": "null"
              }
            ]
          },
          "code": {
            "anyOf": [
              {
                "type": "string"
              },
              {
                "type": "null"
              }
            ]
          }
        },
        "required": [
          "kind",
          "status",
          "code"
        ]
      },
      "connection": {
        "type": "object",
        "properties": {
          "id": {
            "type": "string"
          },
          "name": {
            "type": "string"
          }
        },
        "required": [
          "id",
          "name"
        ]
      },
      "firstAt": {
        "type": "string"
      },
      "lastAt": {
        "type": "string"
      },
      "example": {
        "type": "object",
        "properties": {
          "jobId": {
            "type": "number"
          },
          "title": {
            "type": "string"
          }
        },
        "required": [
          "jobId",
          "title"
        ]
      },
      "actions": {
        "type": "array",
        "items": {
          "type": "string",
          "enum": [
            "cancel",
            "forceDone",
            "retryNow"
          ]
        }
      }
    },
    "required": [
      "filter",
      "count",
      "title",
      "sentence",
      "cure",
      "fix",
      "failure",
      "connection",
      "firstAt",
      "lastAt",
      "example",
      "actions"
    ]
  },
  "FailureList": {
    "type": "object",
    "properties": {
      "rows": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/FailureGroupRow"
        }
      },
      "total": {
        "type": "number",
        "description": "Jobs that need attention, in all groups."
      }
    },
    "required": [
      "rows",
      "total"
    ],
    "description": "GET /api/v1/failures?connection="
  },
  "JobAction": {
    "anyOf": [
      {
        "type": "object",
        "properties": {
          "action": {
            "const": "cancel"
          },
          "reason": {
            "type": "string"
          }
        },
        "required": [
          "action",
          "reason"
        ]
      },
      {
        "type": "object",
        "properties": {
          "action": {
            "const": "correct"
          },
          "fields": {
            "type": "object",
            "additionalProperties": {
              "type": "string"
            }
          },
          "reason": {
            "type": "string"
          }
        },
        "required": [
          "action",
          "fields",
          "reason"
        ]
      },
      {
        "type": "object",
        "properties": {
          "action": {
            "const": "forceDone"
          },
          "reason": {
            "type": "string"
          }
        },
        "required": [
          "action",
          "reason"
        ]
      },
      {
        "type": "object",
        "properties": {
          "action": {
            "const": "reopen"
          },
          "reason": {
            "type": "string"
          }
        },
        "required": [
          "action",
          "reason"
        ]
      },
      {
        "type": "object",
        "properties": {
          "action": {
            "const": "retryNow"
          }
        },
        "required": [
          "action"
        ]
      }
    ],
    "description": "POST /api/v1/jobs/:id/actions. 409 'illegal_move' with the reason when the job moved on meanwhile."
  },
  "JobDetail": {
    "type": "object",
    "properties": {
      "path": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "state": {
              "type": "string",
              "enum": [
                "blocked",
                "cancelled",
                "dead",
                "done",
                "queued",
                "retrying",
                "running"
              ]
            },
            "at": {
              "type": "string"
            },
            "note": {
              "type": "string"
            }
          },
          "required": [
            "state",
            "at",
            "note"
          ]
        }
      },
      "attemptsList": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "at": {
              "type": "string"
            },
            "outcome": {
              "type": "string"
            },
            "sentence": {
              "type": "string"
            },
            "queueMs": {
              "type": "number"
            },
            "runMs": {
              "type": "number"
            },
            "failure": {
              "anyOf": [
                {
                  "type": "object",
                  "properties": {
                    "kind": {
                      "type": "string"
                    },
                    "summary": {
                      "type": "string"
                    },
                    "status": {
                      "anyOf": [
                        {
                          "type": "number"
                        },
                        {
                          "type": "null"
                        }
                      ]
                    },
                    "code": {
                      "anyOf": [
                        {
                          "type": "string"
                        },
                        {
                          "type": "null"
                        }
                      ]
                    },
                    "excerpt": {
                      "anyOf": [
                        {
                          "type": "string"
                        },
                        {
                          "type": "null"
                        }
                      ]
                    }
                  },
                  "required": [
                    "kind",
                    "summary",
                    "status",
                    "code",
                    "excerpt"
                  ]
                },
                {
                  "type": "null"
                }
              ]
            }
          },
          "required": [
            "at",
            "outcome",
            "sentence",
            "queueMs",
            "runMs",
            "failure"
          ]
        }
      },
      "waitsFor": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ]
      },
      "activity": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/ActivityRow"
        }
      },
      "correctable": {
        "anyOf": [
          {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {
                "field": {
                  "type": "string"
                },
                "label": {
                  "type": "string"
                },
                "value": {
                  "type": "string"
                },
                "sourceValue": {
                  "type": "string"
                },
                "correctedBy": {
                  "anyOf": [
                    {
                      "type": "string"
                    },
                    {
                      "type": "null"
                    }
                  ]
                }
              },
              "required": [
                "field",
                "label",
                "value",
                "sourceValue",
                "correctedBy"
              ]
            }
          },
          {
            "type": "null"
          }
        ],
        "description": "Fields a person may correct, with what would be sent now; null without the right to see payloads."
      },
      "forceDonePreview": {
        "type": "array",
        "items": {
          "type": "string"
        },
        "description": "What force done would release and mean, in sentences."
      },
      "technical": {
        "type": "object",
        "properties": {
          "key": {
            "type": "string"
          },
          "priority": {
            "type": "number"
          },
          "fence": {
            "type": "number"
          },
          "traceId": {
            "type": "string"
          },
          "coalesceKey": {
            "anyOf": [
              {
                "type": "string"
              },
              {
                "type": "null"
              }
            ]
          }
        },
        "required": [
          "key",
          "priority",
          "fence",
          "traceId",
          "coalesceKey"
        ]
      },
      "id": {
        "type": "number"
      },
      "title": {
        "type": "string",
        "description": "\"Send order #4711 to Warehouse North\""
      },
      "kind": {
        "type": "string"
      },
      "state": {
        "type": "string",
        "enum": [
          "blocked",
          "cancelled",
          "dead",
          "done",
          "queued",
          "retrying",
          "running"
        ]
      },
      "sentence": {
        "type": "string",
        "description": "One plain sentence: what it does, why it waits or failed, what to do."
      },
      "attempts": {
        "type": "number"
      },
      "attemptsMax": {
        "type": "number"
      },
      "runAt": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ]
      },
      "createdAt": {
        "type": "string"
      },
      "updatedAt": {
        "type": "string"
      },
      "connection": {
        "type": "object",
        "properties": {
          "id": {
            "type": "string"
          },
          "name": {
            "type": "string"
          }
        },
        "required": [
          "id",
          "name"
        ]
      },
      "order": {
        "anyOf": [
          {
            "type": "object",
            "properties": {
              "id": {
                "type": "number"
              },
              "number": {
                "type": "string"
              }
            },
            "required": [
              "id",
              "number"
            ]
          },
          {
            "type": "null"
          }
        ],
        "description": "The store's order id and display number when it is about an order."
      },
      "failure": {
        "anyOf": [
          {
            "type": "object",
            "properties": {
              "kind": {
                "type": "string"
              },
              "summary": {
                "type": "string"
              },
              "cure": {
                "type": "string"
              },
              "status": {
                "anyOf": [
                  {
                    "type": "number"
                  },
                  {
                    "type": "null"
                  }
                ]
              },
              "code": {
                "anyOf": [
                  {
                    "type": "string"
                  },
                  {
                    "type": "null"
                  }
                ]
              }
            },
            "required": [
              "kind",
              "summary",
              "cure",
              "status",
              "code"
            ]
          },
          {
            "type": "null"
          }
        ]
      },
      "late": {
        "type": "boolean"
      },
      "actions": {
        "type": "array",
        "items": {
          "type": "string",
          "enum": [
            "cancel",
            "correct",
            "forceDone",
            "reopen",
            "retryNow"
          ]
        },
        "description": "Only what the transition table and the caller's role allow."
      }
    },
    "required": [
      "path",
      "attemptsList",
      "waitsFor",
      "activity",
      "correctable",
      "forceDonePreview",
      "technical",
      "id",
      "title",
      "kind",
      "state",
      "sentence",
      "attempts",
      "attemptsMax",
      "runAt",
      "createdAt",
      "updatedAt",
      "connection",
      "order",
      "failure",
      "late",
      "actions"
    ],
    "description": "GET /api/v1/jobs/:id"
  },
  "JobList": {
    "type": "object",
    "properties": {
      "rows": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/JobRow"
        }
      },
      "total": {
        "type": "number"
      },
      "counts": {
        "type": "object",
        "properties": {
          "blocked": {
            "type": "number"
          },
          "cancelled": {
            "type": "number"
          },
          "dead": {
            "type": "number"
          },
          "done": {
            "type": "number"
          },
          "queued": {
            "type": "number"
          },
          "retrying": {
            "type": "number"
          },
          "running": {
            "type": "number"
          }
        },
        "required": [
          "blocked",
          "cancelled",
          "dead",
          "done",
          "queued",
          "retrying",
          "running"
        ]
      },
      "bulk": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "move": {
              "type": "string",
              "enum": [
                "cancel",
                "forceDone",
                "retryNow"
              ]
            },
            "count": {
              "type": "number"
            }
          },
          "required": [
            "move",
            "count"
          ]
        },
        "description": "What may be pressed on all that match, with the number of jobs it would move; empty while nothing narrows the list."
      },
      "batches": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/BatchRow"
        },
        "description": "Those going on, stopped, or just ended."
      }
    },
    "required": [
      "rows",
      "total",
      "counts",
      "bulk",
      "batches"
    ],
    "description": "GET /api/v1/jobs?state=&connection=&kind=&search=&page=1&per_page=20&sort=newest"
  },
  "JobListFilter": {
    "type": "object",
    "properties": {
      "state": {
        "type": "string",
        "enum": [
          "blocked",
          "cancelled",
          "dead",
          "done",
          "queued",
          "retrying",
          "running"
        ]
      },
      "connection": {
        "type": "string"
      },
      "kind": {
        "type": "string"
      },
      "failure": {
        "type": "string",
        "description": "Class of the last failure: 'rejected'."
      },
      "cause": {
        "type": "string",
        "description": "Of the last failure, as GET /api/v1/failures names it."
      },
      "batch": {
        "type": "string"
      },
      "late": {
        "type": "string",
        "enum": [
          "1",
          "true"
        ]
      },
      "search": {
        "type": "string"
      },
      "since": {
        "type": "string",
        "description": "Last changed since and until: ISO-8601, or a span back from now: '90m', '24h', '7d'."
      },
      "until": {
        "type": "string"
      }
    },
    "description": "What the list of jobs can be narrowed to."
  },
  "JobRow": {
    "type": "object",
    "properties": {
      "id": {
        "type": "number"
      },
      "title": {
        "type": "string",
        "description": "\"Send order #4711 to Warehouse North\""
      },
      "kind": {
        "type": "string"
      },
      "state": {
        "type": "string",
        "enum": [
          "blocked",
          "cancelled",
          "dead",
          "done",
          "queued",
          "retrying",
          "running"
        ]
      },
      "sentence": {
        "type": "string",
        "description": "One plain sentence: what it does, why it waits or failed, what to do."
      },
      "attempts": {
        "type": "number"
      },
      "attemptsMax": {
        "type": "number"
      },
      "runAt": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ]
      },
      "createdAt": {
        "type": "string"
      },
      "updatedAt": {
        "type": "string"
      },
      "connection": {
        "type": "object",
        "properties": {
          "id": {
            "type": "string"
          },
          "name": {
            "type": "string"
          }
        },
        "required": [
          "id",
          "name"
        ]
      },
      "order": {
        "anyOf": [
          {
            "type": "object",
            "properties": {
              "id": {
                "type": "number"
              },
              "number": {
                "type": "string"
              }
            },
            "required": [
              "id",
              "number"
            ]
          },
          {
            "type": "null"
          }
        ],
        "description": "The store's order id and display number when it is about an order."
      },
      "failure": {
        "anyOf": [
          {
            "type": "object",
            "properties": {
              "kind": {
                "type": "string"
              },
              "summary": {
                "type": "string"
              },
              "cure": {
                "type": "string"
              },
              "status": {
                "anyOf": [
                  {
                    "type": "number"
                  },
                  {
                    "type": "null"
                  }
                ]
              },
              "code": {
                "anyOf": [
                  {
                    "type": "string"
                  },
                  {
                    "type": "null"
                  }
                ]
              }
            },
            "required": [
              "kind",
              "summary",
              "cure",
              "status",
              "code"
            ]
          },
          {
            "type": "null"
          }
        ]
      },
      "late": {
        "type": "boolean"
      },
      "actions": {
        "type": "array",
        "items": {
          "type": "string",
          "enum": [
            "cancel",
            "correct",
            "forceDone",
            "reopen",
            "retryNow"
          ]
        },
        "description": "Only what the transition table and the caller's role allow."
      }
    },
    "required": [
      "id",
      "title",
      "kind",
      "state",
      "sentence",
      "attempts",
      "attemptsMax",
      "runAt",
      "createdAt",
      "updatedAt",
      "connection",
      "order",
      "failure",
      "late",
      "actions"
    ]
  },
  "OrderView": {
    "type": "object",
    "properties": {
      "orderId": {
        "type": "number"
      },
      "sentence": {
        "type": "string",
        "description": "\"At Warehouse North since 10:32, being picked.\""
      },
      "whyNotSent": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "description": "Answer to \"Why not sent?\", null when it is sent or on its way."
      },
      "warehouses": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "connectionId": {
              "type": "string"
            },
            "name": {
              "type": "string"
            },
            "remoteId": {
              "anyOf": [
                {
                  "type": "string"
                },
                {
                  "type": "null"
                }
              ]
            },
            "remoteNumber": {
              "anyOf": [
                {
                  "type": "string"
                },
                {
                  "type": "null"
                }
              ]
            },
            "status": {
              "anyOf": [
                {
                  "type": "string"
                },
                {
                  "type": "null"
                }
              ]
            },
            "settledBy": {
              "anyOf": [
                {
                  "type": "string"
                },
                {
                  "type": "null"
                }
              ]
            }
          },
          "required": [
            "connectionId",
            "name",
            "remoteId",
            "remoteNumber",
            "status",
            "settledBy"
          ]
        }
      },
      "parcels": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "number": {
              "type": "string"
            },
            "carrier": {
              "type": "string"
            },
            "tracking": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "code": {
                    "type": "string"
                  },
                  "url": {
                    "anyOf": [
                      {
                        "type": "string"
                      },
                      {
                        "type": "null"
                      }
                    ]
                  }
                },
                "required": [
                  "code",
                  "url"
                ]
              }
            },
            "shippedAt": {
              "type": "string"
            }
          },
          "required": [
            "number",
            "carrier",
            "tracking",
            "shippedAt"
          ]
        }
      },
      "jobs": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/JobRow"
        }
      },
      "actions": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "action": {
              "const": "send"
            },
            "connectionId": {
              "type": "string"
            },
            "label": {
              "type": "string"
            }
          },
          "required": [
            "action",
            "connectionId",
            "label"
          ]
        },
        "description": "'send' → POST /api/v1/orders/:orderId/send { connectionId }"
      }
    },
    "required": [
      "orderId",
      "sentence",
      "whyNotSent",
      "warehouses",
      "parcels",
      "jobs",
      "actions"
    ],
    "description": "GET /api/v1/orders/:orderId: the meta box."
  },
  "Overview": {
    "type": "object",
    "properties": {
      "now": {
        "type": "string"
      },
      "sentence": {
        "type": "string",
        "description": "\"Everything is flowing. 214 orders reached the warehouse today.\""
      },
      "mood": {
        "type": "string",
        "enum": [
          "attention",
          "flowing",
          "waiting"
        ]
      },
      "counts": {
        "type": "object",
        "properties": {
          "blocked": {
            "type": "number"
          },
          "cancelled": {
            "type": "number"
          },
          "dead": {
            "type": "number"
          },
          "done": {
            "type": "number"
          },
          "queued": {
            "type": "number"
          },
          "retrying": {
            "type": "number"
          },
          "running": {
            "type": "number"
          }
        },
        "required": [
          "blocked",
          "cancelled",
          "dead",
          "done",
          "queued",
          "retrying",
          "running"
        ]
      },
      "nextRetryAt": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ]
      },
      "oldestWaitingAt": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ]
      },
      "late": {
        "type": "number"
      },
      "hours": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "startsAt": {
              "type": "string"
            },
            "done": {
              "type": "number"
            },
            "failed": {
              "type": "number"
            }
          },
          "required": [
            "startsAt",
            "done",
            "failed"
          ]
        }
      },
      "connections": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/ConnectionRow"
        },
        "description": "Orders waiting in the store's outbox as the store last said; null when unknown."
      },
      "schedules": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/ScheduleRow"
        }
      },
      "checklist": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "id": {
              "type": "string",
              "enum": [
                "articles",
                "first-order",
                "store",
                "warehouse",
                "webhooks"
              ]
            },
            "label": {
              "type": "string"
            },
            "done": {
              "type": "boolean"
            },
            "hint": {
              "type": "string"
            }
          },
          "required": [
            "id",
            "label",
            "done",
            "hint"
          ]
        }
      },
      "alerts": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/AlertRow"
        },
        "description": "Open ones, newest first."
      },
      "forecast": {
        "anyOf": [
          {
            "$ref": "#/components/schemas/BacklogForecast"
          },
          {
            "type": "null"
          }
        ],
        "description": "null while there is no backlog."
      },
      "sla": {
        "type": "array",
        "items": {
          "$ref": "#/components/schemas/SlaRow"
        }
      }
    },
    "required": [
      "now",
      "sentence",
      "mood",
      "counts",
      "nextRetryAt",
      "oldestWaitingAt",
      "late",
      "hours",
      "connections",
      "schedules",
      "checklist",
      "alerts",
      "forecast",
      "sla"
    ],
    "description": "GET /api/v1/overview: one aggregated call a refresh. Times are ISO-8601."
  },
  "PlatformForm": {
    "type": "object",
    "properties": {
      "key": {
        "const": "wms"
      },
      "name": {
        "type": "string"
      },
      "fields": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "name": {
              "type": "string"
            },
            "label": {
              "type": "string"
            },
            "help": {
              "type": "string"
            },
            "type": {
              "type": "string",
              "enum": [
                "number",
                "password",
                "select",
                "statuses",
                "switch",
                "text",
                "url"
              ]
            },
            "required": {
              "type": "boolean"
            },
            "secret": {
              "type": "boolean"
            },
            "options": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "value": {
                    "type": "string"
                  },
                  "label": {
                    "type": "string"
                  }
                },
                "required": [
                  "value",
                  "label"
                ]
              }
            },
            "default": {
              "anyOf": [
                {
                  "type": "boolean"
                },
                {
                  "type": "array",
                  "items": {
                    "type": "string"
                  }
                },
                {
                  "type": "number"
                },
                {
                  "type": "string"
                }
              ]
            }
          },
          "required": [
            "name",
            "label",
            "help",
            "type",
            "required",
            "secret"
          ]
        }
      }
    },
    "required": [
      "key",
      "name",
      "fields"
    ],
    "description": "GET /api/v1/platforms"
  },
  "RemoteCheck": {
    "type": "object",
    "properties": {
      "found": {
        "type": "string",
        "enum": [
          "absent",
          "there",
          "unknown"
        ]
      },
      "sentence": {
        "type": "string"
      }
    },
    "required": [
      "found",
      "sentence"
    ],
    "description": "GET /api/v1/jobs/:id/remote-check: whether the other side has it already, asked before a person forces it done."
  },
  "ReplayAnswer": {
    "type": "object",
    "properties": {
      "sentence": {
        "type": "string"
      },
      "delivery": {
        "$ref": "#/components/schemas/DeliveryDetail"
      }
    },
    "required": [
      "sentence",
      "delivery"
    ],
    "description": "POST /api/v1/deliveries/:id/replay. 409 'illegal_move' when its body is gone."
  },
  "ScheduleRow": {
    "type": "object",
    "properties": {
      "name": {
        "type": "string"
      },
      "connectionId": {
        "type": "string"
      },
      "label": {
        "type": "string"
      },
      "everySeconds": {
        "type": "number"
      },
      "lastAt": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ]
      },
      "nextAt": {
        "type": "string"
      },
      "lastOutcome": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "description": "\"2 orders found.\" / \"The warehouse answered 503.\""
      },
      "late": {
        "type": "boolean"
      }
    },
    "required": [
      "name",
      "connectionId",
      "label",
      "everySeconds",
      "lastAt",
      "nextAt",
      "lastOutcome",
      "late"
    ]
  },
  "SlaRow": {
    "type": "object",
    "properties": {
      "kind": {
        "type": "string"
      },
      "label": {
        "type": "string"
      },
      "withinSeconds": {
        "type": "number"
      },
      "total": {
        "type": "number"
      },
      "late": {
        "type": "number"
      },
      "percent": {
        "type": "number",
        "description": "Rounded down."
      },
      "sentence": {
        "type": "string",
        "description": "\"Orders: 98 % within 2 min, 3 late.\""
      }
    },
    "required": [
      "kind",
      "label",
      "withinSeconds",
      "total",
      "late",
      "percent",
      "sentence"
    ],
    "description": "How well the promise for one kind of job was kept in the last 24 hours."
  },
  "TestAnswer": {
    "type": "object",
    "properties": {
      "ok": {
        "type": "boolean"
      },
      "sentence": {
        "type": "string"
      }
    },
    "required": [
      "ok",
      "sentence"
    ],
    "description": "POST /api/v1/connections/:id/test → { ok, sentence }; /pause { reason }; /resume"
  }
};
