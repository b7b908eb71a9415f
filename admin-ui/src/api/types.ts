import type { BatchInput, BatchRow, ConnectionRow, DeliveryRow, JobRow } from '../../../sidecar/src/http/api';

export type {
  ActivityRow,
  AlertRow,
  ApiError,
  ArticleList,
  ArticleMappingInput,
  BacklogForecast,
  BatchDraft,
  BatchInput,
  BatchList,
  BatchRow,
  Capabilities,
  ConnectionInput,
  ConnectionRow,
  DeliveryDetail,
  DeliveryList,
  DeliveryRow,
  FailureGroupRow,
  FailureList,
  JobAction,
  JobDetail,
  JobList,
  JobListFilter,
  JobRow,
  Overview,
  PlatformForm,
  RemoteCheck,
  ReplayAnswer,
  ScheduleRow,
  TestAnswer,
} from '../../../sidecar/src/http/api';

export type JobState = JobRow['state'];
export type PersonMove = JobRow['actions'][number];
export type ConnectionMove = ConnectionRow['actions'][number];
export type BatchMove = BatchInput['move'];
export type BatchState = BatchRow['state'];
export type DeliveryState = DeliveryRow['state'];
